/**
 * Trains the built-in model with this engine, from a seed: `vite-node --script tools/tiny/train.ts [--tokens N] [--out
 * folder] [--seed N]`. Writes a Hugging Face folder and the training curve beside it. The same seed on the same adapter
 * gives the same weights.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { mergedFolder } from '../../src/formats/mergedFolder';
import { openDawn } from '../../src/hosts/cli/dawn';
import { LanguageModel } from '../../src/model/languageModel';
import { loadWeights } from '../../src/model/weights';
import { derive } from '../../src/random';
import { drawExample } from './curriculum';
import { Draw } from './draw';
import { type Encoded, exampleEncoder, FOLDER, graderTemplate, tinyTokenizer, tinyTokenizerFiles } from './encode';
import { initialCheckpoint, TINY } from './initial';
import { supervisedBatch } from './supervised';

/** Tokens of a step, at least; a step ends with the example that reaches it. */
const STEP_TOKENS = 512;
const LONGEST = 512;
const OPTIMIZER = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0, maxGradNorm: 1 };
const PEAK_RATE = 2.5e-3;
const WARM_UP = 30;
const REPORT_EVERY = 25;
/** Steps after which the weights so far are written. */
const SAVE_EVERY = 250;

interface Point {
  readonly tokens: number;
  /** Mean negative logprob of verdicts and of the words of answers; null where the batch has none. */
  readonly verdict: number | null;
  readonly answer: number | null;
  readonly gradNorm: number;
  readonly learningRate: number;
}

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1400000' },
    out: { type: 'string', default: FOLDER },
    seed: { type: 'string', default: '1' },
    curve: { type: 'string', default: 'docs/experiments/tiny-supervised.json' },
  },
});
const [total, seed] = [Number(values.tokens), Number(values.seed)];

const gpu = await openDawn();
const weights = await loadWeights(gpu, initialCheckpoint(TINY, derive(seed, 'weights')), { as: 'f32' });
const batchRows = STEP_TOKENS + LONGEST;
const sizes = { sequence: LONGEST, prefillRows: 256, slots: 8, cacheBlocks: 80, batchRows, headRows: batchRows };
const model = await LanguageModel.open(gpu, weights, { trainable: { kind: 'full' }, sizes, seed });
weights.release();

const encode = exampleEncoder(tinyTokenizer());
const template = graderTemplate();
const draw = new Draw(derive(seed, 'documents'));
const curve: Point[] = [];
const started = performance.now();
let [seen, step] = [0, 0];
while (seen < total) {
  const examples: Encoded[] = [];
  let rows = 0;
  while (rows < STEP_TOKENS) {
    const example = encode(drawExample(seen / total, draw, template));
    if (example.ids.length > LONGEST) continue;
    examples.push(example);
    rows += example.ids.length;
    seen += example.ids.length;
  }
  step++;
  // Warm-up, then constant, then down to nothing over the second half.
  const learningRate = PEAK_RATE * Math.min(1, step / WARM_UP, Math.max(0.01, 2 * (1 - seen / total)));
  const batch = supervisedBatch(examples);
  // Measured before it is learned from: every batch is new, so this is a held-out loss.
  const report = step % REPORT_EVERY === 0 ? await model.batchLogprobs(batch, 1, true) : null;
  const { gradNorm, finite } = await model.train([batch], {
    loss: { clipLow: 0.2, clipHigh: 0.2, klCoef: 0 },
    optimizer: OPTIMIZER,
    learningRate,
    temperature: 1,
  });
  if (!finite) throw new Error(`the loss of step ${step} is not finite`);
  if (step % SAVE_EVERY === 0) await save();
  if (report) {
    const losses = lossByKind(examples, report);
    curve.push({ tokens: seen, ...losses, gradNorm, learningRate });
    const speed = (seen / (performance.now() - started)) * 1000;
    console.log(step, `${seen} tokens`, losses, `norm ${gradNorm.toFixed(2)}`, `${speed.toFixed(0)} tokens/s`);
  }
}

/** Writes the weights as they are as a Hugging Face folder. The tokenizer's own files are a source, not an output. */
async function save(): Promise<void> {
  const trained = new Map((await model.saveTrainable()).adapter.map(({ name, data }) => [name, data]));
  const folder = mergedFolder({
    config: TINY,
    tokenizer: tinyTokenizerFiles(),
    format: 'BF16',
    read: async (name) => trained.get(name)!,
  });
  await mkdir(values.out, { recursive: true });
  for (const file of folder) {
    if (values.out === FOLDER && /tokenizer|chat_template/.test(file.name)) continue;
    await pipeline(Readable.from(file.chunks()), createWriteStream(join(values.out, file.name)));
  }
}

/** `logprobs` are those of the tokens with a weight, in order. */
function lossByKind(examples: readonly Encoded[], logprobs: Float32Array) {
  const sums = { verdict: [0, 0], answer: [0, 0] };
  let m = 0;
  for (const { kind, weights } of examples) {
    for (const weight of weights) {
      if (weight === 0) continue;
      const sum = kind === 'answer' ? sums.answer : sums.verdict;
      if (weight >= 1) {
        sum[0]! -= logprobs[m]!;
        sum[1]! += 1;
      }
      m++;
    }
  }
  const mean = ([sum, count]: number[]) => (count! > 0 ? Number((sum! / count!).toFixed(4)) : null);
  return { verdict: mean(sums.verdict), answer: mean(sums.answer) };
}

await save();
const summary = {
  date: new Date().toISOString().slice(0, 10),
  adapter: gpu.facts.description,
  config: TINY,
  seed,
  steps: step,
  tokens: seen,
  seconds: Math.round((performance.now() - started) / 1000),
  curve,
};
await mkdir('docs/experiments', { recursive: true });
await writeFile(values.curve, `${JSON.stringify(summary)}\n`);
process.exit(0);
