import { z } from 'zod';
import { type ModelConfig, PROJECTIONS, type Projection, projectionSize } from '../domain/model';
import { projectionName } from '../families/tensors';
import { checkFinite } from './checkFinite';
import { dequantize } from './dequantize';
import { damaged, FormatError } from './formatError';
import { jsonFile, type OutputFile } from './outputFile';
import { parseFile } from './parseFile';
import { type OutputTensor, readSafetensors, safetensorsSize, writeSafetensors } from './safetensors';
import { type ByteSource, baseName, readText } from './source';

/** The two factors of one projection: W += alpha / rank · B · A. */
export interface AdapterPair {
  readonly layer: number;
  readonly projection: Projection;
  /** (R, in) */
  readonly a: Float32Array;
  /** (out, R) */
  readonly b: Float32Array;
}

/** A LoRA adapter (Hu et al. 2021, arXiv 2106.09685) over all layers. */
export interface Adapter {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly Projection[];
  /** Name of the model that it was made for, as the adapter itself has it: a name of the hub, a path, or nothing. */
  readonly baseModel: string | null;
  /** For every layer and target. */
  readonly pairs: readonly AdapterPair[];
}

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

/**
 * Whether a file is one of an adapter's two; others beside them (a tokenizer, a README) are copies of the base model's.
 */
export const isAdapterFile = (source: ByteSource): boolean => [CONFIG, WEIGHTS].includes(baseName(source));

const configSchema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.array(z.string()).or(z.string()),
  bias: z.string().default('none'),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  modules_to_save: z.array(z.string()).nullish(),
  rank_pattern: z.record(z.string(), z.unknown()).nullish(),
  alpha_pattern: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * adapter_config.json and adapter_model.safetensors (f32) in the layout of the Python library peft, which loads them
 * unchanged.
 */
export function writePeft(adapter: Adapter, config: ModelConfig): OutputFile[] {
  const { rank, alpha, targets, baseModel } = adapter;
  const factors = adapter.pairs.flatMap(({ layer, projection, a, b }) => {
    const size = projectionSize(config, projection);
    return [
      { name: factorName(layer, projection, 'A'), shape: [rank, size.in], format: 'F32' as const, values: a },
      { name: factorName(layer, projection, 'B'), shape: [size.out, rank], format: 'F32' as const, values: b },
    ];
  });
  return [
    jsonFile(CONFIG, {
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      base_model_name_or_path: baseModel,
      r: rank,
      lora_alpha: alpha,
      lora_dropout: 0,
      target_modules: targets,
      bias: 'none',
      fan_in_fan_out: false,
      inference_mode: true,
      init_lora_weights: true,
      modules_to_save: null,
      use_dora: false,
      use_rslora: false,
    }),
    {
      name: WEIGHTS,
      size: safetensorsSize(factors),
      chunks: () =>
        writeSafetensors<OutputTensor & { values: Float32Array }>(
          factors,
          ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        ),
    },
  ];
}

/**
 * Reads such an adapter for a model of this config; throws FormatError for what is missing, of another shape, or not
 * plain LoRA.
 */
export async function readPeft(files: readonly ByteSource[], config: ModelConfig): Promise<Adapter> {
  const file = (name: string): ByteSource => {
    const found = files.find((source) => baseName(source) === name);
    if (!found) throw new FormatError(`${name} is missing`, `An adapter is two files: ${CONFIG} and ${WEIGHTS}.`);
    return found;
  };
  const { rank, alpha, targets, baseModel } = readConfig(await readText(file(CONFIG)));
  const stored = new Map((await readSafetensors(file(WEIGHTS))).map((tensor) => [tensor.name, tensor]));

  const pairs: AdapterPair[] = [];
  const take = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
    const tensor = stored.get(name);
    if (tensor?.shape.join() !== shape.join()) {
      throw new FormatError(
        `${WEIGHTS}: ${name} is ${tensor ? `(${tensor.shape.join(', ')})` : 'missing'}, the model calls for (${shape.join(', ')})`,
        'The adapter was made for another model, or for some of its layers only.',
      );
    }
    stored.delete(name);
    const bytes = await tensor.read();
    checkFinite(tensor, bytes);
    return dequantize(tensor.format, bytes);
  };
  for (let layer = 0; layer < config.layers; layer++) {
    for (const projection of targets) {
      const size = projectionSize(config, projection);
      const a = await take(factorName(layer, projection, 'A'), [rank, size.in]);
      const b = await take(factorName(layer, projection, 'B'), [size.out, rank]);
      pairs.push({ layer, projection, a, b });
    }
  }
  const [left] = stored.keys();
  if (left !== undefined) {
    throw new FormatError(`${WEIGHTS} has ${left}, which ${CONFIG} does not announce`, 'Only plain LoRA is supported.');
  }
  return { rank, alpha, targets, baseModel, pairs };
}

function readConfig(text: string): Omit<Adapter, 'pairs'> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(CONFIG, `it is not JSON (${cause instanceof Error ? cause.message : cause})`);
  }
  const c = parseFile(configSchema, json, CONFIG);
  const named = [c.target_modules].flat();
  const all = named.length === 1 && named[0] === 'all-linear';
  const refused = [
    c.peft_type !== 'LORA' && `peft_type ${c.peft_type}`,
    c.bias !== 'none' && `bias ${c.bias}`,
    c.use_rslora && 'use_rslora',
    c.use_dora && 'use_dora',
    c.fan_in_fan_out && 'fan_in_fan_out',
    (c.modules_to_save?.length ?? 0) > 0 && 'modules_to_save',
    Object.keys(c.rank_pattern ?? {}).length > 0 && 'rank_pattern',
    Object.keys(c.alpha_pattern ?? {}).length > 0 && 'alpha_pattern',
    !all && named.some((name) => !isProjection(name)) && `target_modules ${named.filter((n) => !isProjection(n))}`,
  ].filter((reason) => typeof reason === 'string');
  if (refused.length > 0) {
    throw new FormatError(
      `${CONFIG} asks for ${refused.join(' and ')}, which is not supported`,
      `Supported is plain LoRA on ${PROJECTIONS.join(', ')}, in all layers.`,
    );
  }
  return {
    rank: c.r,
    alpha: c.lora_alpha,
    targets: PROJECTIONS.filter((name) => all || named.includes(name)),
    baseModel: c.base_model_name_or_path || null,
  };
}

const isProjection = (name: string): boolean => PROJECTIONS.some((projection) => projection === name);

const factorName = (layer: number, projection: Projection, factor: 'A' | 'B'): string =>
  `base_model.model.${projectionName(layer, projection).replace(/weight$/, `lora_${factor}.weight`)}`;
