import { expect } from 'vitest';
import type { Failure } from '../../domain/failure';
import type { Recipe, RecipeInput } from '../../domain/recipe/recipe';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { OutputFile } from '../../formats/outputFile';
import { type ByteSource, bytesSource } from '../../formats/source';
import { allBytes, asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import { CallFailed, openClient } from '../../protocol/client';
import type { Notice } from '../../protocol/notices';
import type { Handlers } from '../../protocol/port';
import { openServer } from '../../protocol/server';
import { endpointPair } from '../../protocol/test/endpointPair';
import { RunLocked } from '../../storage/storageError';
import { toFailure } from '../failures';
import { Lab } from '../lab';
import type { Platform } from '../platform';
import { openProbeThread } from './probeHere';
import { MemoryStore } from './testLab';

/** A small data file: seven good rows, one of them too long for the recipe, and a broken one. */
const row = (id: number, content = `question ${id}`) =>
  `${JSON.stringify({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content }],
    rubrics: [
      { criterion: 'says hello', points: 5, tags: [] },
      { criterion: 'is rude', points: -2, tags: [] },
    ],
  })}\n`;
export const data = [...[0, 1, 2, 3, 4, 5].map((id) => row(id)), row(6, 'x'.repeat(300)), '{"broken": \n'].join('');

/** What a person would drop. */
export const filesOf = (outputs: readonly OutputFile[]) =>
  Promise.all(
    outputs.map(async ({ name, size, chunks }) => new File([(await allBytes(chunks(), size)) as BlobPart], name)),
  );
export const model = () => filesOf(tinyFolder(tinyConfig()));

const TEMPLATE = 'Grade.\n<<conversation>>\n<<rubric_item>>';
/** Draws verdicts, so that answers of a prompt differ in reward and there is something to learn. */
export const DRAWN = { mode: 'verdict', verdict: 'drawn', sampling: { temperature: 1 }, template: TEMPLATE } as const;

/** Steps of seconds on a software adapter. */
export const recipe = (change: RecipeInput = {}) =>
  recipeSchema.parse({
    steps: 3,
    promptsPerStep: 2,
    groupSize: 2,
    maxPromptTokens: 64,
    sampling: { maxNewTokens: 8 },
    grader: { mode: 'verdict', template: TEMPLATE },
    optimizer: { learningRate: 1e-2, microBatchTokens: 128 },
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
    checkpointEvery: 2,
    heldOutShare: 0,
    ...change,
  });

/** A lab on Dawn, asked over the whole protocol, over a store that outlives it, as a browser's does a reload. */
export function openLab(
  store = new MemoryStore(),
  locks = new Set<string>(),
  savedModels = new Map<string, readonly ByteSource[]>(),
) {
  const notices: Notice[] = [];
  const waiting: { type: string; resolve: (notice: Notice) => void; reject: (error: Error) => void }[] = [];
  const hear = (notice: Notice) => {
    notices.push(notice);
    for (const wait of waiting.splice(0)) {
      if (wait.type === notice.type) wait.resolve(notice);
      else if (notice.type === 'failed') wait.reject(new CallFailed(notice.failure));
      else waiting.push(wait);
    }
  };
  const [page, worker] = endpointPair();
  const server = openServer(worker, toFailure);
  const { call } = openClient(page, new Proxy({}, { get: () => hear }) as Handlers<Notice>);
  const platform: Platform = {
    openGpu: testGpu,
    backend: 'Dawn',
    openStore: async () => store,
    openProbeThread,
    builtInModel: async () => asSources(tinyFolder(tinyConfig({ hidden: 128 }))),
    builtInData: async () => [bytesSource('sample.jsonl', new TextEncoder().encode(data))],
    saveModel: async (id, _, files) => {
      savedModels.set(id, files);
    },
    savedModel: async (id) => savedModels.get(id) ?? null,
    renameSavedModel: async (from, to) => {
      const files = savedModels.get(from);
      if (files) savedModels.set(to, files);
    },
    savedModels: async () => [],
    deleteSavedModel: async () => {},
    collect: (chunks) => new Response(chunks as BodyInit).blob(),
    onnx: { gpu: false, open: () => Promise.reject(new Error('not here')) },
    lock: async (runId) => {
      if (locks.has(runId)) throw new RunLocked(runId);
      locks.add(runId);
      return () => locks.delete(runId);
    },
    isLocked: async (runId) => locks.has(runId),
    now: () => performance.now(),
    date: () => new Date(),
  };
  const lab = new Lab(platform, server.notify);
  server.answer(lab.handlers);

  /** Resolves with the next notice of a type; rejects when a failure that no call waits for comes first. */
  const next = <T extends Notice['type']>(type: T) =>
    new Promise<Extract<Notice, { type: T }>>((resolve, reject) => {
      waiting.push({ type, resolve: resolve as (notice: Notice) => void, reject });
    });
  const of = <T extends Notice['type']>(type: T) =>
    notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  /** Opens the tiny model and some rows. */
  const ready = async (rows = data) => {
    await call({ type: 'openModel', source: { kind: 'files', files: await model() } });
    await call({ type: 'openData', source: { kind: 'files', files: [new File([rows], 'rows.jsonl')] } });
  };
  const start = async (config: Recipe) => (await call({ type: 'start', config }))!;
  /** A run from its start to its end. */
  const train = async (config: Recipe) => {
    await start(config);
    await lab.runEnded();
    expect(of('failed')).toEqual([]);
    return of('ended').at(-1)!.run;
  };
  return { lab, call, next, of, ready, start, train, store, locks, savedModels };
}

/** The failure that a call rejects with. */
export const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => Promise.reject(new Error('the call did not fail')),
    (error) => {
      if (error instanceof CallFailed) return error.failure;
      throw error;
    },
  );
