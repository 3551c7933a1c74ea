import { expect, it } from 'vitest';
import type { ComparisonRequest, Side } from '../../domain/comparisonRequest';
import type { Notice } from '../../protocol/protocol';
import { derive } from '../../random';
import { openLab, recipe } from '../test/testGpuLab';

const request = (change: Partial<ComparisonRequest> = {}): ComparisonRequest => ({
  id: 'q1',
  runId: '',
  step: 2,
  question: { kind: 'own', text: 'hello?', criteria: [{ criterion: 'says hello', points: 3 }] },
  grader: 'frozen',
  mode: 'verdict',
  maxNewTokens: 40,
  seed: 7,
  first: 'checkpoint',
  ...change,
});

/** A lab with a run of two steps behind it. */
async function trained(change: Parameters<typeof recipe>[0] = {}) {
  const opened = openLab();
  await opened.ready();
  opened.send({ type: 'start', config: recipe({ steps: 2, ...change }) });
  await opened.lab.idle();
  await opened.lab.runEnded();
  expect(opened.of('failed')).toEqual([]);
  return { ...opened, runId: opened.of('ended')[0]!.run.runId };
}

const lastText = (notices: readonly Extract<Notice, { type: 'sidesText' }>[], side: Side) =>
  notices.filter((notice) => notice.side === side).at(-1)!;

it('answers with both in turns, then fills in every criterion of both, and leaves nothing behind', async () => {
  const { ask, of, runId, store, lab } = await trained({ heldOutShare: 0.3 });
  const { examples } = await ask({ type: 'listExamples', runId, split: 'heldOut' }, 'examples');
  expect(examples.length).toBeGreaterThan(0);
  const { promptId } = examples[0]!;
  expect(examples[0]).toEqual({ promptId, lastMessage: `question ${promptId.slice(1)}`, criteria: 2 });

  const question = { kind: 'example', split: 'heldOut', promptId } as const;
  const { how } = await ask({ type: 'answerSides', request: request({ runId, question }) }, 'sidesEnded');
  expect(how).toBe('done');
  expect(of('sidesAsked')).toMatchObject([
    { id: 'q1', example: { promptId }, grader: expect.stringMatching(/frozen/) },
  ]);
  const texts = of('sidesText');
  expect(texts[0]!.side).toBe('checkpoint');
  expect(texts[1]!.side).toBe('base');
  for (const side of ['base', 'checkpoint'] as const) {
    const own = texts.filter((notice) => notice.side === side);
    expect(own.slice(0, -1).every(({ finish }) => finish === null)).toBe(true);
    expect(own.at(-1)!.finish).not.toBeNull();
    expect(own.at(-1)!.tokens).toBeLessThanOrEqual(40);
  }
  const verdicts = of('sidesVerdict');
  expect(verdicts.map(({ side, criterion }) => `${side} ${criterion}`)).toEqual([
    'checkpoint 0',
    'base 0',
    'checkpoint 1',
    'base 1',
  ]);
  expect(verdicts.every(({ grade }) => grade.verdict !== 'ungraded')).toBe(true);
  expect(store.evaluations.size).toBe(0);
  expect(of('failed')).toEqual([]);
  await lab.idle();
});

it('writes what a single evaluation writes, whoever goes first, and what was learned makes a difference', async () => {
  const { ask, of, runId } = await trained({ optimizer: { learningRate: 0.3, microBatchTokens: 128 } });
  const answers = async (change: Partial<ComparisonRequest>) => {
    const before = of('sidesText').length;
    await ask({ type: 'answerSides', request: request({ runId, ...change }) }, 'sidesEnded');
    const texts = of('sidesText').slice(before);
    return { base: lastText(texts, 'base'), checkpoint: lastText(texts, 'checkpoint') };
  };
  const question = { kind: 'example', split: 'train', promptId: 'p0' } as const;
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
  const { kept } = await ask({ type: 'evaluate', request: evaluation }, 'evaluationOpened');
  if (kept.kind !== 'evaluation') throw new Error('not an evaluation');
  const index = kept.answers.findIndex(({ example }) => example.promptId === 'p0');
  const seed = derive(7, 'evaluation', 'p0', 0);
  const [first, second] = [await answers({ question, seed }), await answers({ question, seed, first: 'base' })];
  for (const both of [first, second]) {
    expect(both.checkpoint.text).toBe(kept.answers[index]!.completion);
    expect(both.base.text).toBe(kept.startAnswers[index]!.completion);
  }
  expect(first.base.text).not.toBe(first.checkpoint.text);
});

it('grades nothing of a question without criteria, and names what cannot be asked', async () => {
  const { ask, send, of, runId, lab } = await trained();
  const question = { kind: 'own', text: 'hello?', criteria: [] } as const;
  await ask(
    { type: 'answerSides', request: request({ runId, question: { ...question, criteria: [] } }) },
    'sidesEnded',
  );
  expect(of('sidesVerdict')).toEqual([]);
  expect(of('sidesEnded').at(-1)!.how).toBe('done');

  for (const change of [
    { question: { kind: 'example', split: 'train', promptId: 'nobody' } },
    { step: 99 },
    { question: { ...question, text: 'x'.repeat(2000) } },
    { maxNewTokens: 1e9 },
    { grader: 'teacher' },
  ] as Partial<ComparisonRequest>[]) {
    send({ type: 'answerSides', request: request({ runId, ...change }) });
    await lab.idle();
  }
  expect(of('sidesEnded').filter(({ how }) => how === 'failed')).toHaveLength(4); // one was not even a request
  expect(of('failed').map(({ failure }) => failure.message)).toEqual([
    expect.stringContaining('not in the data of the run'),
    expect.stringContaining('no whole checkpoint of step 99'),
    expect.stringContaining('No prompt fits'),
    expect.stringMatching(/maxNewTokens/),
    expect.stringContaining('No teacher is open'),
  ]);
});

it('keeps the start of a model that was trained whole', async () => {
  const { ask, of, runId } = await trained({ trainable: { kind: 'full' } });
  await ask({ type: 'answerSides', request: request({ runId }) }, 'sidesEnded');
  const [base, checkpoint] = [lastText(of('sidesText'), 'base'), lastText(of('sidesText'), 'checkpoint')];
  expect(base.text).not.toBe(checkpoint.text);
  expect(of('failed')).toEqual([]);
});

it('is refused while a run lives, stops when asked, and leaves the run alone', async () => {
  const { lab, send, of, ready } = openLab();
  await ready();
  send({ type: 'start', config: recipe({ steps: 1000 }) });
  await lab.idle();
  const { runId } = of('started')[0]!.run;
  send({ type: 'answerSides', request: request({ runId }) });
  await lab.idle();
  expect(of('failed').map(({ failure }) => failure.message)).toEqual(['A run is under way.']);
  expect(of('sidesAsked')).toEqual([]);
  send({ type: 'stop' });
  await lab.runEnded();

  const { run } = of('ended')[0]!;
  send({ type: 'answerSides', request: request({ runId, step: run.step, maxNewTokens: 60 }) });
  send({ type: 'stopSides' }); // before its turn
  await lab.idle();
  expect(of('sidesEnded')).toMatchObject([{ how: 'stopped' }]);
  send({ type: 'answerSides', request: request({ runId, step: run.step, maxNewTokens: 60 }) });
  await new Promise((resolve) => setTimeout(resolve, 30));
  send({ type: 'stopSides' });
  await lab.idle();
  expect(of('sidesEnded').at(-1)).toMatchObject({ how: 'stopped' });
  expect(of('failed')).toHaveLength(1);
});
