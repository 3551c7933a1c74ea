import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { SavedEvaluation } from '../../evaluation/evaluations';

export type Vote = 'left' | 'same' | 'right';

/** Two answers to one prompt, in an order that does not tell which is which. */
export interface VotedPair {
  readonly left: EvaluatedAnswer;
  readonly right: EvaluatedAnswer;
  readonly trained: 'left' | 'right';
}

/** Answers after and before training, in the order they were asked for. Sides are mixed by the prompt's id, the same each time. */
export function pairsOf({
  answers,
  startAnswers,
  entry,
}: Extract<SavedEvaluation, { kind: 'evaluation' }>): VotedPair[] {
  return startAnswers.flatMap((before, i) => {
    const after = answers[i];
    if (!after || after.example.promptId !== before.example.promptId) return [];
    const swap = coin(`${entry.id} ${before.example.promptId} ${i}`);
    return [swap ? { left: after, right: before, trained: 'left' } : { left: before, right: after, trained: 'right' }];
  });
}

/** A coin that every character of the text moves: FNV-1a with murmur3's last mixing. */
function coin(text: string): boolean {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & 1) === 1;
}

/** How often which was preferred. */
export function voteCounts(
  pairs: readonly VotedPair[],
  votes: Readonly<Record<number, Vote>>,
): { after: number; before: number; same: number; total: number } {
  const counts = { after: 0, before: 0, same: 0, total: 0 };
  pairs.forEach(({ trained }, i) => {
    const vote = votes[i];
    if (vote === undefined) return;
    counts.total++;
    if (vote === 'same') counts.same++;
    else if (vote === trained) counts.after++;
    else counts.before++;
  });
  return counts;
}
