import { z } from 'zod';
import { type ModelConfig, modelConfigSchema } from '../domain/model';
import { FAMILIES, familyOf, findArchitecture, supportedFamilies } from '../families/families';
import { FormatError } from './formatError';
import { parseFile } from './parseFile';

const ids = z
  .union([z.number().int(), z.array(z.number().int())])
  .nullish()
  .transform((value) => (value == null ? [] : [value].flat()));

const modelSchema = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().nullish(),
  eos_token_id: ids,
});
const generationSchema = z.looseObject({ eos_token_id: ids });

/**
 * config.json and, for the ids that end a completion, generation_config.json → ModelConfig. Refuses by name whatever
 * would be computed differently here.
 */
export function readHuggingFaceConfig(config: unknown, generationConfig: unknown = {}): ModelConfig {
  const { architectures, model_type, eos_token_id } = parseFile(modelSchema, config, 'config.json');
  const generation = parseFile(generationSchema, generationConfig ?? {}, 'generation_config.json');
  const named = architectures?.[0] ?? model_type ?? 'none';
  const architecture = findArchitecture(({ huggingFace: { className, modelType } }) =>
    [className, modelType].includes(named),
  );
  if (!architecture) {
    throw new FormatError(
      `config.json says architecture ${named}, which is not supported`,
      supportedFamilies(({ huggingFace }) => huggingFace.className),
    );
  }
  const { fields, refused } = FAMILIES[architecture].huggingFace.read(config, (schema, json) =>
    parseFile(schema, json, 'config.json'),
  );
  if (refused.length > 0) {
    throw new FormatError(
      `config.json asks for ${refused.join(' and ')}, which is not supported`,
      'Choose a model without it; for smaller weights use a GGUF file in Q8_0, Q4_0 or Q4_1.',
    );
  }
  const ends = new Set([...generation.eos_token_id, ...eos_token_id]);
  const endTokens = [...ends].sort((a, b) => a - b);
  return parseFile(modelConfigSchema, { architecture, ...fields, endTokens }, 'config.json');
}

/** The config.json of a model, readable by transformers 4 and 5. `dtype` is the type of the weights beside it. */
export function writeHuggingFaceConfig(config: ModelConfig, dtype: 'float32' | 'bfloat16'): Record<string, unknown> {
  const { className, modelType, write } = familyOf(config).huggingFace;
  return {
    architectures: [className],
    model_type: modelType,
    ...write(config),
    torch_dtype: dtype,
    ...(config.endTokens.length > 0 ? { eos_token_id: endTokenField(config) } : {}),
  };
}

export const writeGenerationConfig = (config: ModelConfig): Record<string, unknown> =>
  config.endTokens.length > 0 ? { eos_token_id: endTokenField(config) } : {};

const endTokenField = ({ endTokens }: ModelConfig): number | number[] =>
  endTokens.length === 1 ? endTokens[0]! : endTokens;
