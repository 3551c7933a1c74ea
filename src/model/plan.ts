import type { MemoryPart, MemoryPlan } from '../domain/memoryPlan';
import { type ModelConfig, PROJECTIONS, projectionSize } from '../domain/model';
import { keepsStart, type Recipe } from '../domain/recipe/recipe';
import { layerTensors, parameterCount } from '../families/tensors';
import { type Layout, slabBytes } from '../gpu/arena';
import type { AdapterFacts } from '../gpu/device';
import { sizeOf } from '../gpu/tensor';
import type { WeightFormat } from '../kernels/weights/weight';
import { weightBytes } from '../kernels/weights/weightUpload';
import { rolloutLayout, updateLayout } from './layouts';
import { parameterSpecs } from './network';
import { poolBytes } from './parameterPool';
import { ropeTableBytes } from './ropeTables';
import { BLOCK, type Sizes } from './sizes';

/** Logits held at once in the update, at most. */
const HEAD_BYTES = 60 * 2 ** 20;
/** Keys and values of all layers, at most, unless two of the longest sequences need more. */
const CACHE_BYTES = 900e6;
const MAX_SLOTS = 64;

/** What the data and the tokenizer add to a recipe: tokens that a grading needs besides conversation and answer. */
export interface PlanInput {
  readonly model: ModelConfig;
  readonly run: Recipe;
  readonly facts: AdapterFacts;
  /** Instructions, frame and the longest criterion, in tokens. */
  readonly graderTokens: number;
  /** Instructions and the longest reply when the policy writes rubrics, in tokens; 0 when it does not. */
  readonly writerTokens: number;
}

/** Buffer sizes that a run needs. A pure function: the same on the page's estimate and in the run itself. */
export function sizesOf({ model, run, facts, graderTokens, writerTokens }: PlanInput): Sizes {
  const answered = run.maxPromptTokens + run.sampling.maxNewTokens;
  const graderNew = run.grader.mode === 'verdict' ? 0 : run.grader.sampling.maxNewTokens;
  const graded = answered + graderTokens + graderNew;
  const sequence = Math.min(model.contextLength, Math.max(answered, graded, run.maxPromptTokens + writerTokens));
  const answers = run.promptsPerStep * run.groupSize;
  const slots = Math.min(MAX_SLOTS, answers);
  const blocks = (tokens: number) => Math.ceil(tokens / BLOCK) + 1;

  // Enough for the rollouts of a step with shared prompts, and for the gradings of the answers in flight with shared
  // prefixes.
  const rollout = run.promptsPerStep * blocks(run.maxPromptTokens) + slots * blocks(run.sampling.maxNewTokens);
  const grading = blocks(graderTokens) + slots * blocks(graderNew + BLOCK) + Math.ceil(slots / 4) * blocks(answered);
  const perBlock = 4 * BLOCK * model.keyValueHeads * model.headSize;
  const most = Math.floor(facts.maxBindingBytes / perBlock);
  // Past the budget answers come in waves: the generator lets sequences wait, so more of them cost time and no memory.
  const budget = Math.floor(CACHE_BYTES / (2 * model.layers * perBlock));
  const wanted = Math.min(Math.max(rollout, grading), budget - 1);
  const cacheBlocks = Math.min(most, Math.max(wanted, 2 * blocks(sequence)) + 1);

  const batchRows = Math.ceil(Math.max(Math.min(answered, sequence), run.optimizer.microBatchTokens) / 64) * 64;
  const headBytes = Math.min(HEAD_BYTES, facts.maxBindingBytes);
  const headRows = Math.max(64, Math.min(batchRows, Math.floor(headBytes / (4 * model.vocabulary) / 64) * 64));
  return { sequence, prefillRows: facts.software ? 256 : 1024, slots, cacheBlocks, batchRows, headRows };
}

/** How a checkpoint's matrices lie on the GPU; embedding and head often have a finer format than the rest. */
export interface Formats {
  readonly projections: WeightFormat;
  readonly embedding: WeightFormat;
}

/** Bytes by purpose for a run, and what would reduce them. */
export function memoryPlan(input: PlanInput, formats: Formats): MemoryPlan {
  const parts = partsOf(input, formats);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const { facts } = input;
  return {
    parts,
    bytes,
    largestBufferBytes: facts.maxBufferBytes,
    fits: largestTensor(input) <= facts.maxBindingBytes && cacheHoldsOne(input),
    savings: savings(input, formats, bytes),
  };
}

function partsOf(input: PlanInput, formats: Formats): MemoryPart[] {
  const { model, run, facts } = input;
  const sizes = sizesOf(input);
  const full = run.trainable.kind === 'full';
  const [rollout, update] = [rolloutLayout(model, run.trainable, sizes), updateLayout(model, run.trainable, sizes)];
  const arena = slabBytes([rollout, update]).reduce((a, b) => a + b, 0);
  const cache = bytesWhere(rollout, (name) => name.startsWith('key') || name.startsWith('value'));
  const head = bytesWhere(update, (name) => /^(logits|headHidden|dHeadHidden)$/.test(name));
  return [
    // Full fine-tuning converts and copies them: both are there while the model is opened.
    { name: 'weights', bytes: full ? 4 * parameterCount(model) : storedBytes(model, formats) },
    { name: 'starting weights', bytes: keepsStart(run) ? storedBytes(model, formats) : 0 },
    {
      name: 'adapter and optimizer',
      bytes: poolBytes(parameterSpecs(model, run.trainable, facts.maxBindingBytes), facts.maxBindingBytes),
    },
    // One arena serves both phases: the cache and the head are named first, the rest of it is activations.
    { name: 'KV cache', bytes: Math.min(cache, arena) },
    { name: 'head', bytes: Math.min(head, Math.max(0, arena - cache)) },
    { name: 'activations', bytes: Math.max(0, arena - cache - head) },
    {
      name: 'other',
      bytes: ropeTableBytes(model, sizes.sequence) + 4 * sizes.slots * Math.ceil(model.vocabulary / 32),
    },
  ];
}

/** Of a checkpoint as it lies on the GPU in its own formats. */
function storedBytes(model: ModelConfig, formats: Formats): number {
  const linears = PROJECTIONS.reduce((sum, p) => {
    const size = projectionSize(model, p);
    return sum + weightBytes(formats.projections, size.in, size.out);
  }, 0);
  const norms = layerTensors(model, 0).reduce((sum, { shape }) => sum + (shape.length === 1 ? 4 * shape[0]! : 0), 0);
  const table = weightBytes(formats.embedding, model.channels, model.vocabulary);
  return model.layers * (linears + norms) + table * (model.tiedHead ? 1 : 2);
}

const bytesWhere = (layout: Layout, included: (name: string) => boolean) =>
  Object.entries(layout).reduce((sum, [name, { shape }]) => sum + (included(name) ? 4 * sizeOf(shape) : 0), 0);

function largestTensor(input: PlanInput): number {
  const { model, run } = input;
  const sizes = sizesOf(input);
  const layouts = [rolloutLayout(model, run.trainable, sizes), updateLayout(model, run.trainable, sizes)];
  return Math.max(...layouts.flatMap((layout: Layout) => Object.values(layout).map(({ shape }) => 4 * sizeOf(shape))));
}

/** The longest sequence fits the KV cache, which a binding limits, when it has it to itself. */
function cacheHoldsOne(input: PlanInput): boolean {
  const { cacheBlocks, sequence } = sizesOf(input);
  return BLOCK * cacheBlocks >= sequence;
}

/** What halving each knob would save, most first. */
function savings(input: PlanInput, formats: Formats, bytes: number): MemoryPlan['savings'] {
  const { run } = input;
  const half = (value: number, least: number) => Math.max(least, Math.floor(value / 2));
  const options: { knob: string; change: string; run: Recipe }[] = [
    {
      knob: 'sampling.maxNewTokens',
      change: `halve answer length to ${half(run.sampling.maxNewTokens, 16)}`,
      run: { ...run, sampling: { ...run.sampling, maxNewTokens: half(run.sampling.maxNewTokens, 16) } },
    },
    {
      knob: 'groupSize',
      change: `halve answers per prompt to ${half(run.groupSize, 2)}`,
      run: { ...run, groupSize: half(run.groupSize, 2) },
    },
    {
      knob: 'promptsPerStep',
      change: `halve prompts per step to ${half(run.promptsPerStep, 1)}`,
      run: { ...run, promptsPerStep: half(run.promptsPerStep, 1) },
    },
    {
      knob: 'optimizer.microBatchTokens',
      change: `halve the micro-batch to ${half(run.optimizer.microBatchTokens, 64)} tokens`,
      run: { ...run, optimizer: { ...run.optimizer, microBatchTokens: half(run.optimizer.microBatchTokens, 64) } },
    },
    {
      knob: 'maxPromptTokens',
      change: `leave out prompts over ${half(run.maxPromptTokens, 64)} tokens`,
      run: { ...run, maxPromptTokens: half(run.maxPromptTokens, 64) },
    },
    ...(run.trainable.kind === 'full'
      ? [
          {
            knob: 'trainable',
            change: 'train an adapter instead of all weights',
            run: { ...run, trainable: { kind: 'lora' as const, rank: 16, alpha: 32, targets: [...PROJECTIONS] } },
          },
        ]
      : []),
  ];
  return options
    .map(({ knob, change, run: smaller }) => {
      const needed = partsOf({ ...input, run: smaller }, formats).reduce((sum, part) => sum + part.bytes, 0);
      return { knob, change, bytes: bytes - needed };
    })
    .filter((saving) => saving.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
