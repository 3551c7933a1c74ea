import type { Message } from '../domain/example';
import type { GraderConfig } from '../domain/recipe/grader';
import type { Rollout } from '../domain/rollout';
import { derive } from '../random';
import type { ChatText } from '../text/chatText';
import { type GraderTemplate, graderPrompt } from './graderPrompt';

/** One criterion of one answer as a grader's messages. */
export interface GradingPrompt {
  readonly messages: readonly Message[];
  readonly seed: number;
  /** Where the grade belongs: several places when equal answers would get the same grade. */
  readonly places: { readonly rollout: number; readonly criterion: number }[];
}

/** The same in tokens, up to where the grader begins to write. */
export interface GradingRequest extends Omit<GradingPrompt, 'messages'> {
  readonly tokens: Int32Array;
}

/**
 * The prompts for all criteria of the answers, those of one answer next to each other, so that prefills are shared.
 * Where nothing is drawn, equal answers of a group share one prompt.
 */
export function gradingPrompts(
  rollouts: readonly Rollout[],
  template: GraderTemplate,
  { mode, verdict, sampling }: Pick<GraderConfig, 'mode' | 'verdict' | 'sampling'>,
  seed: number,
): GradingPrompt[] {
  const deterministic =
    sampling.temperature === 0 || (mode === 'verdict' && (verdict === 'likelier' || verdict === 'soft'));
  const known = new Map<string, GradingPrompt>();
  const prompts: GradingPrompt[] = [];
  rollouts.forEach(({ example, group, completion }, rollout) => {
    example.rubrics.forEach((rubric, criterion) => {
      const key = `${group} ${criterion} ${completion}`;
      const same = deterministic ? known.get(key) : undefined;
      if (same) {
        same.places.push({ rollout, criterion });
        return;
      }
      const messages = graderPrompt(template, example.prompt, completion, rubric);
      const prompt = { messages, seed: derive(seed, rollout, criterion), places: [{ rollout, criterion }] };
      known.set(key, prompt);
      prompts.push(prompt);
    });
  });
  return prompts;
}

/** The prompts as a language model reads them. */
export function makeGradingRequests(
  rollouts: readonly Rollout[],
  template: GraderTemplate,
  config: Pick<GraderConfig, 'mode' | 'verdict' | 'sampling' | 'thinking'>,
  text: ChatText,
  seed: number,
): GradingRequest[] {
  // With the JSON frame given there is no room for a thought; in json mode a reasoning model may think first.
  const thinking = config.mode === 'json' ? config.thinking : false;
  return gradingPrompts(rollouts, template, config, seed).map(({ messages, ...rest }) => ({
    tokens: text.encodeChat(messages, thinking === undefined ? {} : { thinking }),
    ...rest,
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
