import { describe, expect, it } from 'vitest';
import { graderSchema } from '../domain/recipe/grader';
import { characterText, testExample } from '../rl/test/testModel';
import type { GraderModel } from './graderModel';
import { ModelRubricWriter } from './rubricWriter';

const text = (tokens: Int32Array) => characterText.decode(tokens);

/** Replies by a function of the prompt; the likeliest digit is 7, after a minus sign 3. */
function fakeModel(reply: (prompt: string, call: number) => string, contextLength = 8192) {
  const seen = { prompts: [] as string[], seeds: [] as number[], scored: [] as string[], adapter: new Set<boolean>() };
  const model = {
    config: { endTokens: [] },
    contextLength,
    generate: async (requests: readonly { tokens: Int32Array; seed: number }[], { adapter }: { adapter: boolean }) => {
      seen.adapter.add(adapter);
      return requests.map(({ tokens, seed }) => {
        seen.prompts.push(text(tokens));
        seen.seeds.push(seed);
        return { tokens: [...characterText.encode(reply(text(tokens), seen.prompts.length))], finish: 'stop' };
      });
    },
    score: async (requests: readonly Int32Array[], candidates: readonly number[]) =>
      requests.map((tokens) => {
        seen.scored.push(text(tokens));
        const likeliest = text(tokens).endsWith('-') ? '3' : '7';
        return Float32Array.from(candidates, (token) => (token === likeliest.charCodeAt(0) ? -0.1 : -4));
      }),
  };
  return { model: model as unknown as GraderModel, seen };
}

const examples = [testExample('a'), testExample('b')];
const options = { criteria: 3, seed: 1 };
const writer = (model: GraderModel, change: object) =>
  new ModelRubricWriter(model, characterText, graderSchema.parse(change));

describe('json mode', () => {
  it('asks again for what cannot be read, and says why it gave up', async () => {
    const good = '{"rubric": [{"criterion": "Asks back", "points": 4}, {"criterion": "Lies", "points": -9}]}';
    const { model, seen } = fakeModel((prompt, call) => (prompt.includes('question a') && call > 2 ? good : 'hm'));
    const written = await writer(model, { mode: 'json', tries: 2 }).write(examples, options);
    expect(written[0]).toMatchObject({ rubric: [{ criterion: 'Asks back', points: 4 }, { points: -9 }] });
    expect(written[1]).toEqual({ failure: expect.stringMatching(/no list/) });
    expect(seen.prompts).toHaveLength(4);
    expect(new Set(seen.seeds).size).toBe(4);
    expect([...seen.adapter]).toEqual([true]);
  });
});

describe('forced mode', () => {
  it('gives the frame and the sign, lets the model write the criteria, and takes the likeliest digit', async () => {
    const { model, seen } = fakeModel(
      (prompt) => `${['One', 'Two', 'Bad'][prompt.split('"criterion"').length - 4]} thing" and more`,
    );
    const [first, second] = await writer(model, { mode: 'forced' }).write(examples, options);
    const rubric = [
      { criterion: 'One thing', points: 7 },
      { criterion: 'Two thing', points: 7 },
      { criterion: 'Bad thing', points: -3 },
    ];
    expect(first).toMatchObject({ rubric });
    expect(second).toMatchObject({ rubric });
    expect(seen.prompts[0]!.endsWith('A{"rubric": [{"criterion": "')).toBe(true);
    expect(seen.scored[0]!.endsWith('{"criterion": "One thing", "points": ')).toBe(true);
    expect(seen.scored.at(-1)!.endsWith('{"criterion": "Bad thing", "points": -')).toBe(true);
    expect(new Set(seen.seeds).size).toBe(6);
  });

  it('stays sound JSON whatever is written', async () => {
    const { model } = fakeModel((prompt) => (prompt.includes('One') ? 'Two\n\\' : 'One { [ \u0001 \\'));
    const [written] = await writer(model, { mode: 'forced' }).write(examples, { ...options, criteria: 2 });
    expect(written).toMatchObject({ rubric: [{ points: 7 }, { criterion: 'Two' }] });
  });

  it('writes nothing where the model repeats itself', async () => {
    const { model } = fakeModel(() => 'Same"');
    expect(await writer(model, { mode: 'verdict' }).write(examples, options)).toEqual(
      new Array(2).fill({ failure: expect.stringMatching(/only 1/) }),
    );
  });
});

it('leaves a prompt out that is too long to ask about, and writes the others', async () => {
  const long = { ...testExample('long'), prompt: [{ role: 'user' as const, content: 'x'.repeat(3000) }] };
  const { model, seen } = fakeModel((prompt) => (prompt.includes('One') ? 'Two"' : 'One"'), 2500);
  const written = await writer(model, { mode: 'forced' }).write([long, examples[0]!], { ...options, criteria: 2 });
  expect(written[0]).toEqual({ failure: expect.stringMatching(/has \d+ tokens, there is room for/) });
  expect(written[1]).toMatchObject({ rubric: [{ criterion: 'One' }, { criterion: 'Two' }] });
  expect(seen.prompts).toHaveLength(2);
});

it('stops on abort', async () => {
  const { model } = fakeModel(() => 'x"');
  const writing = writer(model, {}).write(examples, options, { signal: AbortSignal.abort() });
  await expect(writing).rejects.toThrow(/abort/i);
});
