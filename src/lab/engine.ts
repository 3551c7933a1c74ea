import { keepsStart } from '../domain/recipe/recipe';
import type { DeviceReport } from '../domain/reports';
import type { WorkContext } from '../domain/workContext';
import type { AdapterFacts } from '../gpu/device';
import type { Gpu } from '../gpu/gpu';
import { LanguageModel } from '../model/languageModel';
import { sizesOf } from '../model/plan';
import { type TuningCache, tuneForModel } from '../model/tuning';
import { loadWeights, type ModelWeights } from '../model/weights';
import { derive } from '../random';
import { LabError } from './failures';
import { type MemoryNeeds, planInput, planRun } from './models/memoryNeeds';
import type { OpenModel } from './models/openModel';

export interface LoadContext extends Pick<WorkContext, 'signal'> {
  /** Counts bytes; with `what`, kernel variants. */
  readonly onProgress?: (done: number, total: number, what?: string) => void;
}

/** The device and its contents: at most the weights of one checkpoint and the model of one run. */
export class Engine {
  private opened: Promise<Gpu> | undefined;
  private weights: { readonly of: OpenModel; readonly loaded: ModelWeights } | undefined;
  private model: LanguageModel | undefined;
  /** Most bytes of buffers at any time since the device was opened. */
  peakBytes = 0;

  constructor(
    private readonly openGpu: () => Promise<Gpu>,
    private readonly tuningCache?: TuningCache,
  ) {}

  /** The device, opened again after a loss. Throws NoWebGpu. */
  gpu(): Promise<Gpu> {
    if (this.opened) return this.opened;
    const opened = this.openGpu().then((gpu) => {
      gpu.lost.then(() => this.forget(opened));
      return gpu;
    });
    opened.catch(() => this.forget(opened));
    this.opened = opened;
    return opened;
  }

  /**
   * The model of a run, with fresh training state. Frees the one before. Throws LabError when it cannot fit, and on
   * abort, which leaves nothing half open.
   */
  async build(opened: OpenModel, needs: MemoryNeeds, context: LoadContext = {}): Promise<LanguageModel> {
    const { run } = needs;
    const device = this.gpu();
    const gpu = await device;
    const input = planInput(needs, opened, gpu.facts);
    const plan = planRun(input, opened);
    if (!plan.fits) {
      const saving = plan.savings[0];
      throw new LabError(
        'outOfMemory',
        'This run needs a larger buffer than the graphics adapter allows.',
        saving ? `The largest saving: ${saving.change}.` : 'Use a smaller model.',
      );
    }
    this.releaseModel();
    const full = run.trainable.kind === 'full';
    const requested = { stored: !full || keepsStart(run), f32: full };
    const [stored, copied] = await this.load(gpu, opened, requested, context);
    try {
      await tuneForModel(gpu, opened.checkpoint.config, {
        formats: [...(stored?.formats ?? []), ...(copied?.formats ?? [])],
        rows: run.optimizer.microBatchTokens,
        cache: this.tuningCache,
        progress: (done, total) => context.onProgress?.(done, total, 'Tuning for this graphics card'),
      });
      this.model = await LanguageModel.open(gpu, copied ?? stored!, {
        trainable: run.trainable,
        sizes: sizesOf(input),
        seed: derive(run.seed, 'adapter'),
        ...(copied && stored && { start: stored }),
      });
      copied?.release(); // the model trains copies of its own
    } catch (error) {
      // Half a model may be left in memory: a new device starts clean.
      gpu.device.destroy();
      this.forget(device);
      throw error;
    }
    this.peakBytes = Math.max(this.peakBytes, gpu.counters.bytes);
    return this.model;
  }

  releaseModel(): void {
    this.model?.release();
    this.model = undefined;
  }

  /**
   * The checkpoint as stored, cached for the next run, and as f32, which the caller releases. Formats that are not
   * requested are null and not cached.
   */
  private async load(
    gpu: Gpu,
    opened: OpenModel,
    requested: { stored: boolean; f32: boolean },
    { onProgress, signal }: LoadContext,
  ): Promise<[stored: ModelWeights | null, f32: ModelWeights | null]> {
    const kept = requested.stored && this.weights?.of === opened ? this.weights.loaded : null;
    if (!kept) {
      this.weights?.loaded.release();
      this.weights = undefined;
    }
    const parts = (requested.stored && !kept ? 1 : 0) + (requested.f32 ? 1 : 0);
    let part = 0;
    const read = async (options: { as?: 'f32' }) => {
      const before = part++;
      const loaded = await loadWeights(gpu, opened.checkpoint, options, {
        signal,
        onProgress: (bytes, total) => onProgress?.(before * total + bytes, parts * total),
      });
      this.peakBytes = Math.max(this.peakBytes, gpu.counters.bytes);
      return loaded;
    };
    const stored = requested.stored ? (kept ?? (await read({}))) : null;
    if (stored) this.weights = { of: opened, loaded: stored };
    return [stored, requested.f32 ? await read({ as: 'f32' }) : null];
  }

  /** Forgets a lost device and its contents; another may be open by then. */
  private forget(device: Promise<Gpu>): void {
    if (this.opened !== device) return;
    this.opened = undefined;
    this.weights = undefined;
    this.model = undefined;
  }
}

export const deviceReport = (facts: AdapterFacts, backend: string): DeviceReport => ({
  name: facts.description,
  backend,
  software: facts.software,
  f16: facts.f16,
  subgroups: facts.subgroups,
  maxBufferBytes: facts.maxBufferBytes,
  maxBindingBytes: facts.maxBindingBytes,
  maxWorkgroupInvocations: facts.maxWorkgroupInvocations,
});
