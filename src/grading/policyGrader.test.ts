import { describe, expect, it } from 'vitest';
import { type GraderConfig, graderSchema } from '../domain/recipe/grader';
import type { WorkContext } from '../domain/workContext';
import { characterText, testExample, testRollout } from '../rl/test/testModel';
import { verdictForms } from './gradeForced';
import type { GraderModel } from './graderModel';
import { ModelGrader } from './policyGrader';

const text = (tokens: Int32Array) => characterText.decode(tokens);
const config = (change: object = {}): GraderConfig =>
  graderSchema.parse({ template: '<<conversation>>?<<rubric_item>>', ...change });

/** Replies by a function of the prompt; judges criterion 0 met and others not when scoring. */
function fakeModel(reply: (prompt: string, call: number) => string = () => '', contextLength = 4096) {
  const seen = {
    generated: [] as string[],
    seeds: [] as number[],
    scored: [] as string[],
    adapter: new Set<boolean>(),
  };
  let stop: Uint32Array | undefined;
  const model = {
    config: { endTokens: [] },
    contextLength,
    generate: async (
      requests: readonly { tokens: Int32Array; seed: number }[],
      options: { adapter: boolean; stopTokens?: Uint32Array },
      { onProgress }: WorkContext,
    ) => {
      stop = options.stopTokens;
      seen.adapter.add(options.adapter);
      onProgress?.(requests.length, requests.length);
      return requests.map(({ tokens, seed }) => {
        seen.generated.push(text(tokens));
        seen.seeds.push(seed);
        const written = reply(text(tokens), seen.generated.length);
        return { tokens: [...characterText.encode(written)], finish: written.includes('}') ? 'stop' : 'length' };
      });
    },
    score: async (requests: readonly Int32Array[], candidates: readonly number[], options: { adapter: boolean }) => {
      seen.adapter.add(options.adapter);
      return requests.map((tokens) => {
        seen.scored.push(text(tokens));
        const met = text(tokens).includes('criterion 0');
        return Float32Array.from(candidates, (token) => Math.log((token === 116) === met ? 0.6 : 0.2));
      });
    },
  };
  return { model: model as unknown as GraderModel, seen, stopTokens: () => stop! };
}

const rollouts = [
  testRollout(testExample('p'), 0, 'Call now.'),
  testRollout(testExample('p'), 0, 'Wait.'),
  testRollout(testExample('p'), 0, 'Wait.'),
];

describe('json mode', () => {
  it('asks one question per criterion and reads the replies', async () => {
    const { model, seen } = fakeModel(
      (prompt) => `{"explanation": "e", "criteria_met": ${prompt.includes('criterion 0')}}`,
    );
    const grades = await new ModelGrader(model, characterText, config({ mode: 'json' })).grade(rollouts, { seed: 1 });
    expect(grades.map((grade) => grade.map(({ verdict }) => verdict))).toEqual(new Array(3).fill(['met', 'notMet']));
    expect(seen.generated[0]).toBe('user: question p\n\nassistant: Call now.?criterion 0A');
    expect(seen.generated).toHaveLength(6);
    expect(new Set(seen.seeds).size).toBe(6);
    expect([...seen.adapter]).toEqual([true]);
  });

  it('tries unreadable replies again with other draws, then says why it gave up', async () => {
    const { model, seen } = fakeModel((prompt, call) =>
      prompt.includes('criterion 0') ? (call > 2 ? '{"criteria_met": true}' : 'hm') : 'nothing',
    );
    const grader = new ModelGrader(model, characterText, config({ mode: 'json', tries: 3 }));
    const [grade] = await grader.grade([rollouts[0]!], { seed: 1 });
    expect(grade!.map(({ verdict }) => verdict)).toEqual(['met', 'ungraded']);
    expect(grade![1]!.failure).toMatch(/no criteria_met, cut off at the token limit/);
    expect(seen.generated).toHaveLength(2 + 2 + 1);
    expect(new Set(seen.seeds).size).toBe(5);
  });
});

describe('forced mode', () => {
  it('gives the frame, lets the model explain up to the quote, and reads the verdict from the logits', async () => {
    const { model, seen, stopTokens } = fakeModel(() => 'it says so"');
    const grader = new ModelGrader(model, characterText, config({ kind: 'frozen' }));
    const [grade] = await grader.grade([rollouts[0]!], { seed: 1 });
    expect(seen.generated[0]!.endsWith('A{"explanation": "')).toBe(true);
    expect(seen.scored[0]!.endsWith('A{"explanation": "it says so", "criteria_met": ')).toBe(true);
    expect(grade).toMatchObject([
      { verdict: 'met', explanation: 'it says so', failure: null },
      { verdict: 'notMet', explanation: 'it says so' },
    ]);
    expect(grade![0]!.confidence).toBeCloseTo(0.75);
    expect(grade![1]!.confidence).toBeCloseTo(0.25);
    const isStop = (code: number) => (stopTokens()[code >>> 5]! >>> (code & 31)) & 1;
    expect([isStop(34), isStop(65)]).toEqual([1, 0]);
    expect([...seen.adapter]).toEqual([false]);
  });

  it('keeps the frame sound whatever was written', async () => {
    const { model, seen } = fakeModel(() => 'a\nb \\"');
    await new ModelGrader(model, characterText, config()).grade([rollouts[0]!], { seed: 1 });
    const frame = seen.scored[0]!.slice(seen.scored[0]!.indexOf('{'));
    expect(JSON.parse(`${frame}true}`)).toEqual({ explanation: 'a\nb', criteria_met: true });
  });
});

it('leaves a criterion ungraded whose explanation grew too long when it was spelt out, and reads the others', async () => {
  const { model, seen } = fakeModel((prompt) => (prompt.includes('criterion 0') ? '\u0001'.repeat(40) : 'short"'), 170);
  const sampling = { temperature: 0, maxNewTokens: 40 };
  const [grade] = await new ModelGrader(model, characterText, config({ sampling })).grade([rollouts[1]!], { seed: 1 });
  expect(grade![0]).toMatchObject({ verdict: 'ungraded', failure: expect.stringMatching(/no room/) });
  expect(grade![1]).toMatchObject({ verdict: 'notMet', explanation: 'short' });
  expect(seen.scored).toHaveLength(1);
});

it('asks nothing when no question fits', async () => {
  const { model } = fakeModel(() => '', 60);
  const done: number[] = [];
  const grader = new ModelGrader(model, characterText, config());
  const [grade] = await grader.grade([rollouts[0]!], { seed: 1 }, { onProgress: (n) => done.push(n) });
  expect(grade!.map(({ verdict }) => verdict)).toEqual(['ungraded', 'ungraded']);
  expect(done).toEqual([]);
});

describe('verdict mode', () => {
  it('decodes nothing, and asks about equal answers of a group once', async () => {
    const { model, seen } = fakeModel();
    const progress: number[] = [];
    const onProgress = (done: number, total: number) => progress.push(done / total);
    const grader = new ModelGrader(model, characterText, config({ mode: 'verdict' }));
    const grades = await grader.grade(rollouts, { seed: 1 }, { onProgress });
    expect([seen.generated.length, seen.scored.length]).toEqual([0, 4]);
    expect(grades[2]).toEqual(grades[1]);
    expect(grades[2]![0]!.verdict).toBe('met');
    expect(seen.scored[0]!.endsWith('{"explanation": "", "criteria_met": ')).toBe(true);
    expect(progress.at(-1)).toBe(1);
  });
});

describe('a drawn verdict', () => {
  const many = Array.from({ length: 150 }, () => rollouts[1]!);
  const metShare = async (change: object, criterion: number) => {
    const { model, seen } = fakeModel(() => 'e"');
    const grader = new ModelGrader(model, characterText, config({ verdict: 'drawn', ...change }));
    const grades = await grader.grade(many, { seed: 3 });
    expect(seen.scored).toHaveLength(2 * many.length); // equal answers get draws of their own
    expect(grades[0]![criterion]!.confidence).toBeCloseTo(criterion === 0 ? 0.75 : 0.25);
    return grades.filter((grade) => grade[criterion]!.verdict === 'met').length / many.length;
  };
  const sampling = (temperature: number) => ({ temperature, maxNewTokens: 8 });

  // p(true) = 3/4: met with 3^(1/T) against 1, ± 4 standard deviations of a share of 150.
  it.each(['verdict', 'forced'])('follows p(true)^(1/T) against p(false)^(1/T) in %s mode', async (mode) => {
    for (const temperature of [1, 0.4]) {
      const odds = 3 ** (1 / temperature);
      const expected = odds / (1 + odds);
      const margin = 4 * Math.sqrt((expected * (1 - expected)) / many.length);
      expect(Math.abs((await metShare({ mode, sampling: sampling(temperature) }, 0)) - expected)).toBeLessThan(margin);
      const other = await metShare({ mode, sampling: sampling(temperature) }, 1);
      expect(Math.abs(other - (1 - expected))).toBeLessThan(margin);
    }
  });

  it('is a function of the seed, and the likelier one at temperature 0', async () => {
    const grades = async (seed: number, temperature: number) => {
      const { model } = fakeModel();
      const change = { mode: 'verdict', verdict: 'drawn', sampling: sampling(temperature) };
      const graded = await new ModelGrader(model, characterText, config(change)).grade(many, { seed });
      return graded.map((grade) => grade.map(({ verdict }) => verdict).join()).join(' ');
    };
    expect(await grades(3, 1)).toBe(await grades(3, 1));
    expect(await grades(3, 1)).not.toBe(await grades(4, 1));
    expect(await grades(3, 0)).toBe(new Array(150).fill('met,notMet').join(' '));
  });
});

it('asks a reasoning model to think or not, as the recipe says, only where there is room for a thought', async () => {
  const asked = async (change: object) => {
    const options: unknown[] = [];
    const spy = {
      ...characterText,
      encodeChat: (messages: Parameters<typeof characterText.encodeChat>[0], given?: object) => {
        options.push(given);
        return characterText.encodeChat(messages);
      },
    };
    await new ModelGrader(fakeModel().model, spy, config(change)).grade([rollouts[0]!], { seed: 1 });
    return options[0];
  };
  expect(await asked({ mode: 'json' })).toEqual({});
  expect(await asked({ mode: 'json', thinking: true })).toEqual({ thinking: true });
  expect(await asked({ mode: 'json', thinking: false })).toEqual({ thinking: false });
  expect(await asked({ mode: 'forced', thinking: true })).toEqual({ thinking: false });
});

it('leaves a question that does not fit ungraded and says so', async () => {
  const { model } = fakeModel(() => '', 100);
  const grader = new ModelGrader(model, characterText, config({ mode: 'verdict' }));
  const long = testRollout(testExample('p'), 0, 'x'.repeat(80));
  const [short, cut] = await grader.grade([rollouts[1]!, long], { seed: 1 });
  expect(short![0]!.verdict).toBe('met');
  expect(cut![0]).toMatchObject({ verdict: 'ungraded', failure: expect.stringMatching(/room for 52/) });
});

it('stops on abort', async () => {
  const { model } = fakeModel(() => 'x"');
  const signal = AbortSignal.abort();
  const grading = new ModelGrader(model, characterText, config()).grade(rollouts, { seed: 1 }, { signal });
  await expect(grading).rejects.toThrow(/abort/i);
});

describe('the forms of the verdict', () => {
  it('are the first tokens that differ, with and without a space before them', () => {
    const words = (text: string) => text.match(/ ?[a-z]+|./g) ?? [];
    const ids = new Map<string, number>();
    const id = (word: string) => {
      if (!ids.has(word)) ids.set(word, ids.size);
      return ids.get(word)!;
    };
    const wordText = { ...characterText, encode: (text: string) => Int32Array.from(words(text), id) };
    const { prefix, whenTrue, whenFalse } = verdictForms(wordText, '"x":');
    expect(prefix).toEqual(wordText.encode('"x":'));
    expect(whenTrue).toEqual([id(' true'), id('true')]);
    expect(whenFalse).toEqual([id(' false'), id('false')]);
  });

  it('leave the form without a space out where the space is a token of its own', () => {
    const { prefix, whenTrue, whenFalse } = verdictForms(characterText, ':');
    expect([text(prefix), whenTrue, whenFalse]).toEqual([': ', [116], [102]]);
  });
});
