import { describe, expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../domain/recipe/recipe';
import { parseTemplate } from '../grading/graderPrompt';
import type { OptimizerStep } from '../model/languageModel';
import type { MicroBatch } from '../model/microBatch';
import { answerExample, gradingExample, type SftExample, turnEnd } from './sftExamples';
import { characterText } from './test/testModel';
import { NothingFits, type SftSource, supervisedBatches, warmStart } from './warmStart';

const learned = ({ tokens, lossFrom }: SftExample) => characterText.decode(tokens.slice(lossFrom));
const prompted = ({ tokens, lossFrom }: SftExample) => characterText.decode(tokens.slice(0, lossFrom));

describe('SFT examples', () => {
  const prompt = [{ role: 'user', content: 'hi' }] as const;
  const grading = { promptId: 'p', prompt, completion: 'rest', criterion: 'says rest', points: 5, met: true };
  const template = parseTemplate('<<conversation>>?<<rubric_item>>');

  it('ask as the policy is asked, and learn the answer and its end', () => {
    const example = answerExample({ prompt, idealCompletion: 'rest' }, { text: characterText, end: 33 });
    expect([prompted(example), learned(example)]).toEqual(['hiA', 'rest!']);
  });

  it('ask as the grader is asked, and learn the verdict alone where no reason is known', () => {
    const of = (met: boolean) =>
      gradingExample(
        { ...grading, met, explanation: '' },
        { text: characterText, template, grader: { mode: 'forced' }, end: 33 },
      );
    expect(prompted(of(true))).toBe('user: hi\n\nassistant: rest?says restA{"explanation": "", "criteria_met": ');
    expect([learned(of(true)), learned(of(false))]).toEqual(['t', 'f']);
  });

  it('learn the whole grade where a reason is known', () => {
    const known = { ...grading, explanation: 'It "says" so.' };
    const example = gradingExample(known, { text: characterText, template, grader: { mode: 'json' }, end: 33 });
    expect(learned(example)).toBe('{"explanation": "It \\"says\\" so.", "criteria_met": true}!');
  });

  it('end with the token that the chat template closes a turn with', () => {
    expect(turnEnd(characterText, [1, 124])).toBe(124); // "|" stands between messages
    expect(turnEnd(characterText, [1, 2])).toBe(1);
    expect(turnEnd(characterText, [])).toBeNull();
  });
});

describe('supervised batches', () => {
  const example = (text: string, lossFrom: number): SftExample => ({ tokens: characterText.encode(text), lossFrom });

  it('give every example the same share, on policy and with advantage 1', () => {
    const batches = supervisedBatches([example('abcd', 2), example('efg', 2), example('hijklm', 1)], 8);
    expect(batches.map(({ tokens }) => characterText.decode(tokens))).toEqual(['abcdefg', 'hijklm']);
    expect(batches.map(({ target }) => characterText.decode(target))).toEqual(['cdg', 'ijklm']);
    expect([...batches[0]!.lossRow]).toEqual([1, 2, 5]);
    expect([...batches[0]!.weight]).toEqual([1 / 6, 1 / 6, 1 / 3].map(Math.fround));
    expect([...batches[1]!.weight]).toEqual(new Array(5).fill(Math.fround(1 / 15)));
    expect(batches[0]!.advantage).toEqual(Float32Array.of(1, 1, 1));
    expect(batches[0]!.oldLogprob.every(Number.isNaN)).toBe(true);
  });
});

describe('a warm start', () => {
  const source = (answers: number, gradings: number): SftSource => ({
    answers,
    gradings,
    answer: (index) => ({ tokens: Int32Array.of(1, 100 + index), lossFrom: 1 }),
    grading: (index) => ({ tokens: Int32Array.of(2, 200 + index), lossFrom: 1 }),
  });
  async function run(change: RecipeInput['warmStart'], examples = source(5, 3), startStep = 0, longest = 100) {
    const config = recipeSchema.parse({ warmStart: { steps: 4, documentsPerStep: 4, ...change } });
    const calls: { targets: number[]; learningRate: number }[] = [];
    let resets = 0;
    const model = {
      train: async (batches: readonly MicroBatch[], { learningRate }: OptimizerStep) => {
        calls.push({ targets: batches.flatMap(({ target }) => [...target]), learningRate });
        const report = { loss: 2, gradNorm: 1, clipped: 0, kl: 0, entropy: 1, logprobDifference: 0, finite: true };
        return report;
      },
      resetOptimizer: async () => {
        resets++;
      },
    };
    const reports = [];
    for await (const report of warmStart(config, model, examples, { startStep, longest })) reports.push(report);
    return { reports, calls, resets };
  }
  const isGrading = (target: number) => target >= 200;

  it('mixes answers and gradings by their share, each once before any twice', async () => {
    const { reports, calls, resets } = await run({ gradingShare: 0.25, learningRate: 1e-3 });
    expect(reports.map(({ warmStep, loss, examples }) => [warmStep, loss, examples])).toEqual(
      [1, 2, 3, 4].map((step) => [step, 2, 4]),
    );
    for (const { targets, learningRate } of calls) {
      expect(targets.filter(isGrading)).toHaveLength(1);
      expect(learningRate).toBe(1e-3);
    }
    const answers = calls.flatMap(({ targets }) => targets.filter((target) => !isGrading(target)));
    expect(new Set(answers.slice(0, 5)).size).toBe(5);
    const gradings = calls.flatMap(({ targets }) => targets.filter(isGrading));
    expect(new Set(gradings.slice(0, 3)).size).toBe(3);
    expect(resets).toBe(1); // after the last step
  });

  it('goes on as if it had never stopped', async () => {
    const whole = await run({});
    const resumed = await run({}, source(5, 3), 2);
    expect(resumed.calls).toEqual(whole.calls.slice(2));
    expect(resumed.reports.map(({ warmStep }) => warmStep)).toEqual([3, 4]);
  });

  it('takes what there is when one kind is missing', async () => {
    const { calls } = await run({ gradingShare: 0.5 }, source(5, 0));
    expect(calls[0]!.targets.filter(isGrading)).toEqual([]);
    const judged = await run({ gradingShare: 0.5 }, source(0, 3));
    expect(judged.calls[0]!.targets.every(isGrading)).toBe(true);
    expect(judged.calls[0]!.targets).toHaveLength(4);
  });

  it('leaves long documents out and counts them, and says so when nothing is left', async () => {
    const long: SftSource = {
      ...source(5, 3),
      grading: () => ({ tokens: new Int32Array(101), lossFrom: 100 }),
    };
    const { reports } = await run({}, long);
    expect(reports[0]).toMatchObject({ examples: 2, tooLong: 2 });
    await expect(run({ gradingShare: 1 }, long)).rejects.toThrow(NothingFits);
  });
});
