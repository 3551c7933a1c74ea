import type { GraderConfig } from '../config/run';
import { derive } from '../random';
import type { Message } from '../rubric/example';
import { type GraderTemplate, graderPrompt } from '../rubric/graderPrompt';
import type { ChatText } from './chatText';
import type { Rollout } from './policy';

/** One criterion of one answer, put to a grader in words. */
export interface Asked {
  readonly messages: readonly Message[];
  readonly seed: number;
  /** Where the grade belongs: several places when the same question would get the same grade. */
  readonly places: { readonly rollout: number; readonly criterion: number }[];
}

/** The same in tokens, up to where the grader begins to write. */
export interface Question extends Omit<Asked, 'messages'> {
  readonly tokens: Int32Array;
}

/**
 * All questions about a step's answers, those of one answer next to each other, so that prefills are shared. Where nothing is drawn, equal answers
 * of a group are asked about once.
 */
export function askedCriteria(
  rollouts: readonly Rollout[],
  template: GraderTemplate,
  { mode, verdict, sampling }: Pick<GraderConfig, 'mode' | 'verdict' | 'sampling'>,
  seed: number,
): Asked[] {
  const deterministic = sampling.temperature === 0 || (mode === 'verdict' && verdict === 'likelier');
  const known = new Map<string, Asked>();
  const asked: Asked[] = [];
  rollouts.forEach(({ example, group, completion }, rollout) => {
    example.rubrics.forEach((rubric, criterion) => {
      const key = `${group} ${criterion} ${completion}`;
      const same = deterministic ? known.get(key) : undefined;
      if (same) {
        same.places.push({ rollout, criterion });
        return;
      }
      const messages = graderPrompt(template, example.prompt, completion, rubric);
      const question = { messages, seed: derive(seed, rollout, criterion), places: [{ rollout, criterion }] };
      known.set(key, question);
      asked.push(question);
    });
  });
  return asked;
}

/** The questions as a language model reads them. */
export function makeQuestions(
  rollouts: readonly Rollout[],
  template: GraderTemplate,
  config: Pick<GraderConfig, 'mode' | 'verdict' | 'sampling' | 'thinking'>,
  text: ChatText,
  seed: number,
): Question[] {
  // With the JSON frame given there is no room for a thought; in json mode a reasoning model may think first.
  const thinking = config.mode === 'json' ? config.thinking : false;
  return askedCriteria(rollouts, template, config, seed).map(({ messages, ...question }) => ({
    tokens: text.encodeChat(messages, thinking === undefined ? {} : { thinking }),
    ...question,
  }));
}

export const concat = (...parts: readonly Int32Array[]): Int32Array => {
  const whole = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
