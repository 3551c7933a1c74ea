import type { Progress, WorkContext } from '../../domain/workContext';
import { FormatError } from '../../formats/formatError';
import type { OnnxFolder } from '../../formats/onnxFolder';
import type { GraderModel } from '../../grading/graderModel';
import { type OnnxProvider, readOnnx } from '../../grading/onnx/onnxSession';
import type { OnnxGraderModel } from '../../grading/onnx/onnxTeacher';
import type { Generation } from '../../model/generation';
import type { Port } from '../../protocol/port';
import type { OnnxCommand, OnnxNotice } from './onnxMessages';

type Asked = OnnxCommand extends infer C ? (C extends { type: 'abort' } ? never : Omit<C, 'id'>) : never;
type Done = Extract<OnnxNotice, { type: 'done' }>;
interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: Progress | undefined;
}

/** An ONNX model in another thread (onnxHost.ts), with the interface of a local one. */
export class OnnxClient implements OnnxGraderModel {
  readonly config: GraderModel['config'];
  readonly contextLength: number;
  tokens = 0;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly port: Port<OnnxCommand, OnnxNotice>,
    { endTokens, contextLength }: Pick<OnnxFolder, 'endTokens' | 'contextLength'>,
    private readonly end: () => void,
  ) {
    this.config = { endTokens: [...endTokens] };
    this.contextLength = contextLength;
    port.receive({
      progress: ({ id, done, total }) => this.waiting.get(id)?.onProgress?.(done, total),
      done: (done) => {
        this.tokens = done.tokens;
        this.settle(done.id)?.resolve(done);
      },
      failed: ({ id, message, advice }) =>
        this.settle(id)?.reject(advice ? new FormatError(message, advice) : new Error(`the ONNX teacher: ${message}`)),
    });
  }

  /** Reads the weights and hands them over. `end` stops the thread. Throws FormatError for a model of another kind. */
  static async open(
    port: Port<OnnxCommand, OnnxNotice>,
    folder: OnnxFolder,
    providers: readonly OnnxProvider[],
    end: () => void,
  ): Promise<OnnxClient> {
    const client = new OnnxClient(port, folder, end);
    try {
      const weights = await readOnnx(folder);
      const { endTokens, contextLength } = folder;
      const transfer = [weights.model.buffer, ...weights.data.map(({ bytes }) => bytes.buffer)];
      await client.ask({ type: 'open', weights, providers, endTokens, contextLength }, {}, transfer);
      return client;
    } catch (error) {
      end();
      throw error;
    }
  }

  async generate(
    requests: Parameters<GraderModel['generate']>[0],
    { sampling, endTokens, stopTokens = undefined }: Parameters<GraderModel['generate']>[1],
    context: WorkContext = {},
  ): Promise<Generation[]> {
    // Only what can cross: requests may carry more than the interface says.
    const plain = requests.map(({ tokens, seed }) => ({ tokens, seed }));
    const command = { type: 'generate', requests: plain, sampling, endTokens, stopTokens: stopTokens ?? null } as const;
    const { result } = await this.ask(command, context);
    return [...(result as readonly Generation[])];
  }

  async score(
    requests: Parameters<GraderModel['score']>[0],
    candidates: Parameters<GraderModel['score']>[1],
    _: Parameters<GraderModel['score']>[2],
    context: WorkContext = {},
  ): Promise<Float32Array[]> {
    const { result } = await this.ask({ type: 'score', requests, candidates }, context);
    return [...(result as readonly Float32Array[])];
  }

  async release(): Promise<void> {
    this.end();
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new Error('the ONNX teacher was closed'));
  }

  private ask(command: Asked, { signal, onProgress }: WorkContext, transfer: Transferable[] = []): Promise<Done> {
    const id = ++this.lastId;
    const abort = () => this.port.send({ type: 'abort', id });
    signal?.addEventListener('abort', abort, { once: true });
    const answer = new Promise<Done>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      this.port.send({ ...command, id } as OnnxCommand, transfer);
      if (signal?.aborted) abort();
    });
    return answer.finally(() => signal?.removeEventListener('abort', abort));
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}
