import type { GraderConfig } from '../config/run';
import { derive } from '../random';
import { type GraderTemplate, graderPrompt } from '../rubric/graderPrompt';
import type { ChatText } from './chatText';
import type { Rollout } from './policy';

/** One criterion of one answer, put to the grader. */
export interface Question {
  /** Prompt up to where the grader begins to write. */
  readonly tokens: Int32Array;
  readonly seed: number;
  /** Where the grade belongs: several places when the same question would get the same grade. */
  readonly places: { readonly rollout: number; readonly criterion: number }[];
}

/**
 * All questions about a step's answers, those of one answer next to each other, so that prefills are shared. Where nothing is drawn, equal answers
 * of a group are asked about once.
 */
export function makeQuestions(
  rollouts: readonly Rollout[],
  template: GraderTemplate,
  { mode, verdict, sampling, thinking }: Pick<GraderConfig, 'mode' | 'verdict' | 'sampling' | 'thinking'>,
  text: ChatText,
  seed: number,
): Question[] {
  const deterministic = sampling.temperature === 0 || (mode === 'verdict' && verdict === 'likelier');
  // With the JSON frame given there is no room for a thought; in json mode a reasoning model may think first.
  const think = mode === 'json' ? thinking : false;
  const known = new Map<string, Question>();
  const questions: Question[] = [];
  rollouts.forEach(({ example, group, completion }, rollout) => {
    example.rubrics.forEach((rubric, criterion) => {
      const key = `${group} ${criterion} ${completion}`;
      const same = deterministic ? known.get(key) : undefined;
      if (same) {
        same.places.push({ rollout, criterion });
        return;
      }
      const messages = graderPrompt(template, example.prompt, completion, rubric);
      const tokens = text.encodeChat(messages, think === undefined ? {} : { thinking: think });
      const question = { tokens, seed: derive(seed, rollout, criterion), places: [{ rollout, criterion }] };
      known.set(key, question);
      questions.push(question);
    });
  });
  return questions;
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
