import { FormatError } from '../../formats/formatError';
import type { OnnxRuntime } from '../../grading/onnx/onnxCache';
import { OnnxModel } from '../../grading/onnx/onnxModel';
import { type OnnxProvider, OnnxSession } from '../../grading/onnx/onnxSession';
import type { Handlers, Port } from '../../protocol/port';
import type { OnnxCommand, OnnxNotice } from './onnxMessages';

/** The other end of onnxClient.ts: runs a model in its own thread, one command at a time. */
export function hostOnnx(port: Port<OnnxNotice, OnnxCommand>, runtime: () => Promise<OnnxRuntime>): void {
  const aborts = new Map<number, AbortController>();
  let model: OnnxModel | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const answer = (
    id: number,
    work: (signal: AbortSignal) => Promise<Extract<OnnxNotice, { type: 'done' }>['result']>,
  ) => {
    const abort = new AbortController();
    aborts.set(id, abort);
    turn = turn.then(async () => {
      try {
        const result = await work(abort.signal);
        port.send({ type: 'done', id, result, tokens: model?.tokens ?? 0 });
      } catch (error) {
        const { message } = error as Error;
        port.send({ type: 'failed', id, message, advice: error instanceof FormatError ? error.advice : '' });
      } finally {
        aborts.delete(id);
      }
    });
  };
  const opened = (): OnnxModel => {
    if (!model) throw new Error('no ONNX model is open');
    return model;
  };
  const onProgress = (id: number) => (done: number, total: number) => port.send({ type: 'progress', id, done, total });

  port.receive({
    open: ({ id, weights, providers, endTokens, contextLength }) =>
      answer(id, async () => {
        const { session, provider } = await firstThatWorks(await runtime(), weights, providers);
        model = new OnnxModel(session, { endTokens }, contextLength);
        return provider;
      }),
    generate: ({ id, requests, sampling, endTokens, stopTokens }) =>
      answer(id, (signal) =>
        opened().generate(
          requests,
          { sampling, endTokens, adapter: false, ...(stopTokens && { stopTokens }) },
          { signal, onProgress: onProgress(id) },
        ),
      ),
    score: ({ id, requests, candidates }) =>
      answer(id, (signal) =>
        opened().score(requests, candidates, { adapter: false }, { signal, onProgress: onProgress(id) }),
      ),
    abort: ({ id }) => aborts.get(id)?.abort(),
  } satisfies Handlers<OnnxCommand>);
}

/** A graphics adapter may lack what a model needs; the processor may not. */
async function firstThatWorks(
  ort: OnnxRuntime,
  weights: Parameters<typeof OnnxSession.open>[1],
  providers: readonly OnnxProvider[],
): Promise<{ session: OnnxSession; provider: OnnxProvider }> {
  let failure: unknown;
  for (const provider of providers) {
    try {
      return { session: await OnnxSession.open(ort, weights, provider), provider };
    } catch (error) {
      if (error instanceof FormatError) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
