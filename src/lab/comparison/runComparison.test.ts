import { expect, it } from 'vitest';
import type { ComparisonRequest, Side } from '../../domain/comparisonRequest';
import type { ComparisonEvent, Work } from '../../protocol/requests';
import { derive } from '../../random';
import { DRAWN, failureOf, openLab, recipe } from '../test/testGpuLab';

const request = (change: Partial<ComparisonRequest> = {}): ComparisonRequest => ({
  runId: '',
  step: 2,
  prompt: { kind: 'own', text: 'hello?', criteria: [{ criterion: 'says hello', points: 3 }] },
  grader: 'frozen',
  mode: 'verdict',
  maxNewTokens: 40,
  seed: 7,
  first: 'checkpoint',
  ...change,
});

/** A lab with a run of two steps behind it. `compare` resolves with what was reported. */
async function trained(change: Parameters<typeof recipe>[0] = {}) {
  const opened = openLab();
  await opened.ready();
  const { runId } = await opened.train(recipe({ steps: 2, grader: DRAWN, ...change }));
  const learned = opened.of('step').map(({ metrics }) => metrics.grad_norm);
  expect(learned.some((norm) => norm !== null && norm > 0)).toBe(true);
  const compare = async (wanted: Partial<ComparisonRequest>, signal?: AbortSignal) => {
    const events: ComparisonEvent[] = [];
    const onProgress = (event: Work | ComparisonEvent) => {
      if ('type' in event) events.push(event);
    };
    const options = { onProgress, ...(signal && { signal }) };
    await opened.call({ type: 'compare', request: request({ runId, ...wanted }) }, options);
    return events;
  };
  return { ...opened, runId, compare };
}

type Text = Extract<ComparisonEvent, { type: 'text' }>;
const textsOf = (events: readonly ComparisonEvent[]): Text[] => events.filter((event) => event.type === 'text');
const lastText = (events: readonly ComparisonEvent[], side: Side) =>
  textsOf(events)
    .filter((event) => event.side === side)
    .at(-1)!;

it('answers with both in turns, then fills in every criterion of both, and leaves nothing behind', async () => {
  const { call, compare, of, runId, store } = await trained({ heldOutShare: 0.3 });
  const examples = await call({ type: 'listExamples', runId, split: 'heldOut' });
  expect(examples.length).toBeGreaterThan(0);
  const { promptId } = examples[0]!;
  expect(examples[0]).toEqual({ promptId, lastMessage: `question ${promptId.slice(1)}`, criteria: 2 });

  const events = await compare({ prompt: { kind: 'example', split: 'heldOut', promptId } });
  expect(events[0]).toMatchObject({ type: 'prompt', example: { promptId }, grader: expect.stringMatching(/frozen/) });
  const texts = textsOf(events);
  expect(texts[0]!.side).toBe('checkpoint');
  expect(texts[1]!.side).toBe('base');
  for (const side of ['base', 'checkpoint'] as const) {
    const own = texts.filter((event) => event.side === side);
    expect(own.slice(0, -1).every(({ finish }) => finish === null)).toBe(true);
    expect(own.at(-1)!.finish).not.toBeNull();
    expect(own.at(-1)!.tokens).toBeLessThanOrEqual(40);
  }
  const verdicts = events.filter((event) => event.type === 'verdict');
  expect(events.map(({ type }) => type)).toEqual([
    'prompt',
    ...texts.map(({ type }) => type),
    ...verdicts.map(({ type }) => type),
  ]);
  expect(verdicts.map(({ side, criterion }) => `${side} ${criterion}`)).toEqual([
    'checkpoint 0',
    'base 0',
    'checkpoint 1',
    'base 1',
  ]);
  expect(verdicts.every(({ grade }) => grade.verdict !== 'ungraded')).toBe(true);
  expect(store.evaluations.size).toBe(0);
  expect(of('failed')).toEqual([]);
});

it('writes what a single evaluation writes, whoever goes first, and what was learned makes a difference', async () => {
  const { call, compare, runId } = await trained({ optimizer: { learningRate: 0.3, microBatchTokens: 128 } });
  const prompt = { kind: 'example', split: 'train', promptId: 'p0' } as const;
  const subject = { kind: 'checkpoint', runId, step: 2 } as const;
  const evaluation = {
    subject,
    split: 'train',
    heldOutShare: 0,
    grader: 'frozen',
    mode: 'verdict',
    answers: 1,
    prompts: 100,
    maxNewTokens: 40,
    temperature: 1,
    seed: 7,
    withStart: true,
  } as const;
  const saved = await call({ type: 'evaluate', request: evaluation });
  if (saved.kind !== 'evaluation') throw new Error('not an evaluation');
  const index = saved.answers.findIndex(({ example }) => example.promptId === 'p0');
  const seed = derive(7, 'evaluation', 'p0', 0);
  const [first, second] = [await compare({ prompt, seed }), await compare({ prompt, seed, first: 'base' })];
  for (const both of [first, second]) {
    expect(lastText(both, 'checkpoint').text).toBe(saved.answers[index]!.completion);
    expect(lastText(both, 'base').text).toBe(saved.startAnswers[index]!.completion);
  }
  expect(lastText(first, 'base').text).not.toBe(lastText(first, 'checkpoint').text);
});

it('grades nothing of a prompt without criteria, and names what cannot be asked', async () => {
  const { compare, of } = await trained();
  const own = { kind: 'own', text: 'hello?', criteria: [] } as const;
  const events = await compare({ prompt: { ...own, criteria: [] } });
  expect(events.filter(({ type }) => type === 'verdict')).toEqual([]);

  const messages: string[] = [];
  for (const change of [
    { prompt: { kind: 'example', split: 'train', promptId: 'nobody' } },
    { step: 99 },
    { prompt: { ...own, text: 'x'.repeat(2000) } },
    { maxNewTokens: 1e9 },
    { grader: 'teacher' },
  ] as Partial<ComparisonRequest>[]) {
    messages.push((await failureOf(compare(change))).message);
  }
  expect(messages).toEqual([
    expect.stringContaining('not in the run’s data'),
    expect.stringContaining('no complete checkpoint of step 99'),
    expect.stringContaining('No prompt fits'),
    expect.stringMatching(/maxNewTokens/),
    expect.stringContaining('No teacher is open'),
  ]);
  expect(of('failed')).toEqual([]);
});

it('keeps the start of a model that was trained whole', async () => {
  const { compare } = await trained({ trainable: { kind: 'full' } });
  const events = await compare({});
  expect(lastText(events, 'base').text).not.toBe(lastText(events, 'checkpoint').text);
});

it('is refused while a run lives, stops when it is cancelled, and leaves the run alone', async () => {
  const { lab, call, compare, start, of } = await trained();
  const { runId } = await start(recipe({ steps: 1000 }));
  expect((await failureOf(compare({ runId }))).message).toBe('A run is in progress.');
  await call({ type: 'stop' });
  await lab.runEnded();

  const { step } = of('ended').at(-1)!.run;
  const before = new AbortController();
  const beforeItsTurn = compare({ runId, step, maxNewTokens: 60 }, before.signal);
  before.abort();
  await expect(beforeItsTurn).rejects.toMatchObject({ name: 'AbortError' });
  const abort = new AbortController();
  const meanwhile = compare({ runId, step, maxNewTokens: 60 }, abort.signal);
  await new Promise((resolve) => setTimeout(resolve, 30));
  abort.abort();
  await expect(meanwhile).rejects.toMatchObject({ name: 'AbortError' });
  expect(of('failed')).toEqual([]);
  expect((await compare({ runId, step })).length).toBeGreaterThan(0);
});
