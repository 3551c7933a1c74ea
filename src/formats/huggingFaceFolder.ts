import { z } from 'zod';
import type { Checkpoint, StoredTensor } from './checkpoint';
import { damaged, FormatError } from './formatError';
import { readHuggingFaceConfig } from './huggingFaceConfig';
import { withNormOffset } from './normOffset';
import { readSafetensors } from './safetensors';
import { type ByteSource, baseName, readText } from './source';
import { tokenizerFiles } from './tokenizerFiles';

const INDEX = 'model.safetensors.index.json';
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens the files of a Hugging Face model folder; ones that are not needed, also from folders within it, may be among
 * them.
 */
export async function openHuggingFaceFolder(given: readonly ByteSource[]): Promise<Checkpoint> {
  const files = ofOneFolder(given);
  const byName = new Map<string, ByteSource>();
  for (const file of files) {
    const name = baseName(file);
    if (byName.has(name)) throw new FormatError(`Two files are called ${name}`, 'Choose the files of one model only.');
    byName.set(name, file);
  }
  const weights = files.filter((file) => baseName(file).endsWith('.safetensors'));
  if (!byName.has('config.json') && weights.length === 0) {
    const names = [...byName.keys()];
    throw new FormatError(
      `No model among the files: ${names.slice(0, 3).join(', ') || 'none'}${names.length > 3 ? ' …' : ''}`,
      'Choose a .gguf file, or all files of a model folder: config.json, tokenizer.json, tokenizer_config.json and the .safetensors files.',
    );
  }
  const config = readHuggingFaceConfig(
    await json(byName, 'config.json', 'required'),
    await json(byName, 'generation_config.json', 'optional'),
  );
  const jinja = byName.get('chat_template.jinja');
  const tokenizer = tokenizerFiles(
    await json(byName, 'tokenizer.json', 'required'),
    await json(byName, 'tokenizer_config.json', 'optional'),
    jinja ? await readText(bounded(jinja, MOST_BYTES)) : null,
    config.endTokens,
  );
  return {
    name: folderName(byName.get('config.json')!) ?? 'model',
    container: 'huggingFace',
    config,
    tensors: withNormOffset(config, await readWeights(byName, weights)),
    tokenizer,
  };
}

/**
 * Those that lie beside the config.json nearest to the top: repositories have other versions of a model in folders
 * below.
 */
function ofOneFolder(files: readonly ByteSource[]): readonly ByteSource[] {
  const depth = (folder: string) => folder.split('/').length;
  const folderOf = ({ name }: ByteSource) => name.slice(0, name.lastIndexOf('/') + 1);
  const configs = files.filter((file) => baseName(file) === 'config.json').map(folderOf);
  const [folder] = configs.sort((a, b) => depth(a) - depth(b));
  return folder === undefined ? files : files.filter((file) => folderOf(file) === folder);
}

async function readWeights(byName: ReadonlyMap<string, ByteSource>, found: readonly ByteSource[]) {
  const tensors = new Map<string, StoredTensor>();
  for (const source of await shards(byName, found)) {
    for (const tensor of await readSafetensors(source)) {
      if (tensors.has(tensor.name)) throw damaged(baseName(source), `${tensor.name} is also in another file`);
      tensors.set(tensor.name, tensor);
    }
  }
  return tensors;
}

/** The weight files: those that the index names, else model.safetensors, else the only one there is. */
async function shards(byName: ReadonlyMap<string, ByteSource>, found: readonly ByteSource[]): Promise<ByteSource[]> {
  if (byName.has(INDEX)) {
    const parsed = indexSchema.safeParse(await json(byName, INDEX, 'required'));
    if (!parsed.success) throw damaged(INDEX, 'it has no weight_map');
    const names = [...new Set(Object.values(parsed.data.weight_map))].sort();
    const missing = names.filter((name) => !byName.has(name));
    if (missing.length > 0) {
      throw new FormatError(
        `${missing.length} of ${names.length} weight files are missing: ${missing.join(', ')}`,
        'Add them: all files of the folder are needed together.',
      );
    }
    return names.map((name) => byName.get(name)!);
  }
  const whole = byName.get('model.safetensors');
  if (whole) return [whole];
  if (found.length === 1) return [found[0]!];
  const others = [...byName.keys()].filter((name) => /\.(bin|pt|pth|msgpack|h5|onnx)$/.test(name));
  throw new FormatError(
    found.length > 1
      ? `${found.length} .safetensors files but no ${INDEX} that says how they belong together`
      : `No .safetensors file${others.length > 0 ? ` (${others[0]} is in a format that is not supported)` : ''}`,
    found.length > 1 ? `Add ${INDEX} from the same folder.` : 'Add model.safetensors, or a .gguf file instead.',
  );
}

const MOST_BYTES = 4 * 2 ** 20;
/** Gemma's tokenizer.json has 33 MB. */
const MOST_BYTES_LARGE = 64 * 2 ** 20;
/**
 * Values of one JSON file; Gemma's tokenizer has about 2 million. Parsed, each takes far more memory than its bytes.
 */
const MOST_VALUES = 4_000_000;

function bounded(source: ByteSource, most: number): ByteSource {
  if (source.size <= most) return source;
  throw damaged(baseName(source), `it has ${Math.round(source.size / 1e6)} MB, at most ${most / 2 ** 20} make sense`);
}

/** At least as many values as JSON text holds, without parsing it. */
function values(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code === 0x5b || code === 0x7b) count++; // , [ {
  }
  return count;
}

async function json(
  byName: ReadonlyMap<string, ByteSource>,
  name: string,
  need: 'required' | 'optional',
): Promise<unknown> {
  const source = byName.get(name);
  if (!source) {
    if (need === 'optional') return undefined;
    throw new FormatError(`${name} is missing`, 'Choose all files of the model folder, it lies beside the weights.');
  }
  bounded(source, name === 'tokenizer.json' || name === INDEX ? MOST_BYTES_LARGE : MOST_BYTES);
  const text = await readText(source);
  if (values(text) > MOST_VALUES) throw damaged(name, `it holds more than ${MOST_VALUES} values`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(name, `it is not JSON (${cause instanceof Error ? cause.message : cause})`);
  }
}

/** `SmolLM2-135M-Instruct/config.json` → `SmolLM2-135M-Instruct`. */
const folderName = (source: ByteSource): string | undefined => source.name.split('/').at(-2);
