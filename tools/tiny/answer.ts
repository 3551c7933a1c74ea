import type { ActName } from '../../src/data/syntheticWorld';
import { derive } from '../../src/random';
import { Draw } from './draw';
import { FILLERS, SENTENCES } from './sentences';
import type { Situation } from './world';

/**
 * Chance of each kind of sentence in the answers that the model first learns from: mixed on purpose, so that there is
 * much to gain.
 */
export const MIX = { good: 0.6, harmful: 0.12, neutral: 0.18, filler: 0.1 } as const;

/** Acts that matter elsewhere and not here. */
const COMMON: readonly ActName[] = ['worse', 'emergency', 'askDuration', 'doctor', 'rest', 'aspirin', 'ibuprofen'];

/** Sentences before and after the advice. */
const FIRST: readonly ActName[] = ['sympathy', 'emergency'];
const LAST: readonly ActName[] = ['worse', 'doctor', 'askDuration'];
const place = (act: ActName): number =>
  FIRST.includes(act) ? FIRST.indexOf(act) - FIRST.length : 1 + LAST.indexOf(act);

/**
 * Everything that the rubric asks for and nothing else, a sentence each; the wordings are those of the situation's
 * message.
 */
export function idealAnswer(situation: Situation): string {
  const draw = new Draw(derive(0, 'ideal answer', situation.message));
  return situation.rubric
    .filter(([, points]) => points > 0)
    .map(([act]) => act)
    .sort((a, b) => place(a) - place(b))
    .map((act) => draw.pick(SENTENCES[act]))
    .join(' ');
}

/** Two to five sentences without repeating an act, in any order. */
export function drawAnswer(situation: Situation, draw: Draw, count = draw.pick([2, 3, 3, 4, 4, 5])): string {
  const good = situation.rubric.filter(([, points]) => points > 0).map(([act]) => act);
  const harmful = situation.rubric.filter(([, points]) => points < 0).map(([act]) => act);
  const neutral = [...situation.complaint.neutral, ...COMMON].filter((a) => !good.includes(a) && !harmful.includes(a));
  const said = new Set<string>();
  const sentences: string[] = [];
  while (sentences.length < count) {
    const kind = draw.uniform();
    const pool = kind < MIX.good ? good : kind < MIX.good + MIX.harmful ? harmful : neutral;
    const filler = kind >= 1 - MIX.filler;
    const act = filler ? 'filler' : draw.pick(pool);
    if (said.has(act)) continue;
    said.add(act);
    sentences.push(draw.pick(act === 'filler' ? FILLERS : SENTENCES[act as ActName]));
  }
  return sentences.join(' ');
}
