import type { ModelConfig } from '../domain/model';
import type { Trainable } from '../domain/recipe/trainable';
import type { WorkContext } from '../domain/workContext';
import { allocate } from '../gpu/arena';
import type { Gpu } from '../gpu/gpu';
import { Decoder } from './decoder';
import { fuseLayers } from './fusedLayers';
import { Generator } from './generate';
import type {
  GenerateContext,
  GenerateOptions,
  GenerateRequest,
  Generation,
  ScoreContext,
  ScoreOptions,
} from './generation';
import { KvCache } from './kvCache';
import { rolloutLayout, updateLayout } from './layouts';
import type { MicroBatch } from './microBatch';
import { buildNetwork, type Network, type Weights } from './network';
import { compileOps, type KernelVariants } from './ops';
import { openRopeTables } from './ropeTables';
import type { Sizes } from './sizes';
import {
  checkTrainable,
  type NamedTensor,
  readOptimizer,
  readTrained,
  type TrainableState,
  writeOptimizer,
  writeTrained,
} from './trainableState';
import { type OptimizerReport, type OptimizerStep, Trainer } from './trainer';
import type { UpdateTensors } from './transformer';
import type { ModelWeights } from './weights';

interface OpenOptions {
  readonly trainable: Trainable;
  readonly sizes: Sizes;
  readonly seed: number;
  readonly start?: ModelWeights;
  readonly variants?: KernelVariants;
}

/**
 * One copy of the weights that answers, grades and learns. Generation and update share one arena and never overlap: a
 * call of one waits for the other. All memory is allocated in `open`; a step allocates nothing.
 */
export class LanguageModel {
  readonly config: ModelConfig;
  /** Longest sequence planned for, in tokens. */
  readonly contextLength: number;
  private phase: 'rollout' | 'update' = 'rollout';

  private constructor(
    private readonly gpu: Gpu,
    readonly network: Network,
    readonly sizes: Sizes,
    readonly generator: Generator,
    private readonly trainer: Trainer,
    private readonly releaseAll: () => void,
  ) {
    this.config = network.config;
    this.contextLength = sizes.sequence;
  }

  /**
   * Builds everything for a run over loaded weights, which stay the caller's. `seed` fixes the adapter's start. With
   * full fine-tuning `weights` are copied and `start`, which must outlive the model, is what `adapter: false` asks;
   * without it that throws.
   */
  static async open(
    gpu: Gpu,
    weights: ModelWeights,
    { trainable, sizes, seed, start, variants }: OpenOptions,
  ): Promise<LanguageModel> {
    const { config } = weights;
    const formats = [...new Set([...weights.formats, ...(start?.formats ?? [])])];
    const ops = await compileOps(gpu, config, formats, variants);
    const network = await buildNetwork(gpu, weights, trainable, seed, start);
    const arena = allocate(gpu, 'arena', {
      rollout: rolloutLayout(config, trainable, sizes),
      update: updateLayout(config, trainable, sizes),
    });
    const rope = openRopeTables(
      gpu,
      network.layers.map(({ description }) => description),
      config,
      sizes.sequence,
    );
    // A workgroup's barriers cost a processor more than dispatches do.
    const fuses = (variants?.decode ?? (gpu.facts.software ? 'plain' : 'fused')) === 'fused';
    const fusedFor = (passed: Weights, adapterOn: boolean) =>
      fuseLayers(gpu, ops, network, passed, arena.tensors.rollout, { ropeTables: rope.byLayer, adapterOn });
    const fused = fuses && {
      adapter: await fusedFor(network, true),
      base: await fusedFor(network.start ?? network, false),
    };
    const decoder = new Decoder(ops, network, arena.tensors.rollout, rope.byLayer, sizes, fused || null);
    const cache = new KvCache({ blocks: sizes.cacheBlocks, maxBlocks: decoder.maxBlocks });
    const generator = await Generator.open(gpu, decoder, cache, config.vocabulary);
    const update = arena.tensors.update as unknown as UpdateTensors;
    const trainer = new Trainer(gpu, ops, network, update, sizes, rope.byLayer);
    const releaseAll = () => {
      generator.release();
      trainer.release();
      arena.release();
      network.parameters.release();
      rope.release();
    };
    await gpu.done();
    return new LanguageModel(gpu, network, sizes, generator, trainer, releaseAll);
  }

  /** Completions in the order of the requests. A function of weights, requests and sampling alone. */
  generate(
    requests: readonly GenerateRequest[],
    options: GenerateOptions,
    context: GenerateContext = {},
  ): Promise<Generation[]> {
    this.enter('rollout');
    return this.generator.generate(requests, options, context);
  }

  /**
   * Logprobs (temperature 1, whole vocabulary) of each candidate as the next token of each request. Decodes nothing.
   */
  score(
    requests: readonly Int32Array[],
    candidates: readonly number[],
    options: ScoreOptions,
    context: ScoreContext = {},
  ): Promise<Float32Array[]> {
    this.enter('rollout');
    return this.generator.score(requests, candidates, options, context);
  }

  /** Per sequence (T − 1): the logprob of each token after the first, of logits / temperature (0 is taken as 1). */
  async logprobs(
    sequences: readonly Int32Array[],
    { temperature, adapter }: { temperature: number; adapter: boolean },
  ): Promise<Float32Array[]> {
    this.enter('update');
    const results: Float32Array[] = [];
    for (const tokens of sequences) {
      const M = tokens.length - 1;
      const zeros = new Float32Array(M);
      const batch: MicroBatch = {
        tokens,
        starts: Int32Array.of(0, tokens.length),
        lossRow: Int32Array.from({ length: M }, (_, n) => n),
        target: tokens.slice(1),
        weight: zeros,
        advantage: zeros,
        oldLogprob: zeros,
        referenceLogprob: zeros,
      };
      results.push(M > 0 ? await this.trainer.logprobs(batch, temperature || 1, adapter) : zeros);
    }
    return results;
  }

  /** Logprobs of a packed batch's targets, for the reference of a KL term. */
  batchLogprobs(batch: MicroBatch, temperature: number, adapter: boolean): Promise<Float32Array> {
    this.enter('update');
    return this.trainer.logprobs(batch, temperature, adapter);
  }

  /** One optimizer step over micro-batches whose weights sum to 1. */
  async train(
    batches: readonly MicroBatch[],
    options: OptimizerStep,
    context: WorkContext = {},
  ): Promise<OptimizerReport> {
    this.enter('update');
    return this.trainer.step(batches, options, context);
  }

  /** Forgets what the optimizer has gathered; the weights stay. */
  async resetOptimizer(): Promise<void> {
    this.trainer.resetOptimizer();
    await this.gpu.done();
  }

  /** Logits (T, V) of one short sequence, read back whole: for tests and comparisons only. */
  async logits(tokens: Int32Array, adapter: boolean): Promise<Float32Array> {
    this.enter('update');
    return this.trainer.logits(tokens, adapter);
  }

  /** What a checkpoint needs to go on exactly: trained arrays and optimizer state. */
  async saveTrainable(): Promise<{ adapter: NamedTensor[]; optimizer: Uint8Array }> {
    const adapter: NamedTensor[] = [];
    for await (const tensor of readTrained(this.gpu, this.network)) adapter.push(tensor);
    return { adapter, optimizer: await readOptimizer(this.gpu, this.network, this.trainer.steps) };
  }

  /** Puts saved arrays back. Throws when they are of another recipe, with nothing changed. */
  async loadTrainable(state: TrainableState): Promise<void> {
    checkTrainable(this.network, state);
    writeTrained(this.gpu, this.network, state.adapter);
    if (state.optimizer) this.trainer.steps = writeOptimizer(this.gpu, this.network, state.optimizer);
    this.generator.invalidate();
    await this.gpu.done();
  }

  release(): void {
    this.releaseAll();
  }

  /** The KV cache does not survive the update's use of the arena, nor a change of weights. */
  private enter(phase: 'rollout' | 'update'): void {
    if (phase === 'update' && this.phase === 'rollout') this.generator.invalidate();
    this.phase = phase;
  }
}

export type { GenerateOptions, GenerateRequest, Generation, NamedTensor, OptimizerReport, OptimizerStep };
