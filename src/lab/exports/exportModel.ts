import { PROJECTIONS, type Projection } from '../../domain/model';
import type { Recipe } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import { parameterCount, projectionName } from '../../families/tensors';
import { addLowRank } from '../../formats/adaptedCheckpoint';
import { dequantize } from '../../formats/dequantize';
import { mergedFolder } from '../../formats/mergedFolder';
import { type OutputFile, textFile } from '../../formats/outputFile';
import { type AdapterPair, writePeft } from '../../formats/peft';
import type { NamedTensor } from '../../model/languageModel';
import { adapterName } from '../../model/network';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';

/** Models up to here are written in f32, so that rounding loses nothing of the training. */
const F32_PARAMETERS = 5e8;

type Lora = Extract<Recipe['trainable'], { kind: 'lora' }>;

/** adapter_config.json and adapter_model.safetensors, as the Python library peft loads them. */
export function adapterFiles(model: OpenModel, run: RunSummary, trained: readonly NamedTensor[]): OutputFile[] {
  const { trainable } = run.config;
  if (trainable.kind !== 'lora') {
    throw new LabError('badConfig', 'This run trained all weights, so it has no adapter.', 'Export the model instead.');
  }
  const pairs = adapterPairs(model, trainable, trained);
  const { rank, alpha, targets } = trainable;
  return writePeft({ rank, alpha, targets, baseModel: run.modelName, pairs }, model.report.config);
}

/** A Hugging Face folder of the base with the trained weights. Tensors are read and merged one at a time. */
export function mergedFiles(model: OpenModel, run: RunSummary, trained: readonly NamedTensor[]): OutputFile[] {
  const { config } = model.report;
  const { trainable } = run.config;
  const pairs = new Map(
    trainable.kind === 'lora'
      ? adapterPairs(model, trainable, trained).map((pair) => [projectionName(pair.layer, pair.projection), pair])
      : [],
  );
  const replaced = new Map(trainable.kind === 'full' ? trained.map(({ name, data }) => [name, data]) : []);
  const scale = trainable.kind === 'lora' ? trainable.alpha / trainable.rank : 0;
  const read = async (name: string): Promise<Float32Array> => {
    const whole = replaced.get(name);
    if (whole) return whole;
    const stored = model.checkpoint.tensors.get(name);
    if (!stored) throw new Error(`the checkpoint has no ${name}`);
    const values = dequantize(stored.format, await stored.read());
    const pair = pairs.get(name);
    if (pair && trainable.kind === 'lora') addLowRank(values, pair, trainable.rank, scale);
    return values;
  };
  const format = parameterCount(config) <= F32_PARAMETERS ? 'F32' : 'BF16';
  const files = mergedFolder({ config, tokenizer: model.checkpoint.tokenizer, format, read });
  return model.graderTemplate === null ? files : [...files, textFile('grader.txt', model.graderTemplate)];
}

function adapterPairs(model: OpenModel, { targets }: Lora, trained: readonly NamedTensor[]): AdapterPair[] {
  const byName = new Map(trained.map(({ name, data }) => [name, data]));
  const factor = (layer: number, projection: Projection, side: 'A' | 'B'): Float32Array => {
    const data = byName.get(adapterName(layer, projection, side));
    if (!data) throw new Error(`the checkpoint lacks ${adapterName(layer, projection, side)}`);
    return data;
  };
  return Array.from({ length: model.report.config.layers }, (_, layer) =>
    PROJECTIONS.filter((projection) => targets.includes(projection)).map((projection) => ({
      layer,
      projection,
      a: factor(layer, projection, 'A'),
      b: factor(layer, projection, 'B'),
    })),
  ).flat();
}
