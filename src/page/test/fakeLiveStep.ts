import type { Recipe } from '../../domain/recipe/recipe';
import type { Notice } from '../../protocol/notices';
import { fakeRollouts } from './fakeRun';

type Sizes = Pick<Recipe, 'promptsPerStep' | 'groupSize'>;

/** What is told of an invented step at each of `ticks`: answers word by word in the first half, then verdicts. */
export function fakeLiveStep(
  runId: string,
  step: number,
  { promptsPerStep, groupSize }: Sizes,
  ticks: number,
): Notice[][] {
  const rollouts = fakeRollouts(step, promptsPerStep, groupSize);
  const prompts = Array.from({ length: promptsPerStep }, (_, group) => {
    const { promptId, prompt, criteria } = rollouts[group * groupSize]!;
    return { promptId, prompt: prompt.at(-1)!.content, points: criteria.map(({ points }) => points) };
  });
  const half = Math.floor(ticks / 2);
  return Array.from({ length: ticks }, (_, tick): Notice[] => {
    const nothing = { type: 'liveAnswers', runId, answers: [], reasons: [], grades: [] } as const;
    const begin: Notice[] = tick === 0 ? [{ type: 'liveStep', runId, step, groupSize, prompts }] : [];
    if (tick < half) {
      const answers = rollouts.map(({ completion, completionTokens }, answer) => {
        const share = (tick + 1) / half;
        const text = completion.slice(0, Math.round(share * completion.length));
        return { answer, tokens: Math.round(share * completionTokens), text };
      });
      return [...begin, { ...nothing, answers }];
    }
    const [from, to] = [tick - half, tick - half + 1].map((at) => at / (ticks - half));
    const grades = rollouts.flatMap(({ criteria }, answer) =>
      criteria
        .map(({ verdict, explanation }, criterion) => ({ answer, criterion, verdict, reason: explanation }))
        .slice(Math.floor(from! * criteria.length), Math.floor(to! * criteria.length)),
    );
    return [...begin, { ...nothing, grades }];
  });
}
