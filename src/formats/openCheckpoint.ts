import type { ModelConfig } from '../domain/model';
import { supportedFamilies } from '../families/families';
import { HEAD, tensorShapes } from '../families/tensors';
import type { Checkpoint, StoredTensor } from './checkpoint';
import { FormatError } from './formatError';
import { openGguf } from './gguf';
import { openHuggingFaceFolder } from './huggingFaceFolder';
import { type ByteSource, baseName } from './source';

/**
 * Opens a GGUF file, or the files of a Hugging Face folder in any order, other files among them. Reads headers, not
 * weights. Throws FormatError for anything that is missing, damaged or not supported, by name.
 */
export async function openCheckpoint(files: readonly ByteSource[]): Promise<Checkpoint> {
  const ggufs = files.filter((file) => baseName(file).toLowerCase().endsWith('.gguf'));
  if (ggufs.length > 1) {
    throw new FormatError(
      `Several GGUF files: ${ggufs.map(baseName).join(', ')}`,
      'Choose one. A model split over several GGUF files is not supported: merge it first (llama-gguf-split --merge).',
    );
  }
  const opened = ggufs[0] ? await openGguf(ggufs[0]) : await openHuggingFaceFolder(files);
  return { ...opened, tensors: complete(opened.config, opened.tensors, opened.name) };
}

/**
 * Every tensor is there, in its shape, and none besides: an unknown one (a bias, say) would change the model if left
 * out.
 */
function complete(config: ModelConfig, found: ReadonlyMap<string, StoredTensor>, name: string) {
  const shapes = tensorShapes(config);
  const missing = [...shapes.keys()].filter((tensor) => !found.has(tensor));
  if (missing.length > 0) {
    throw new FormatError(
      `${name} lacks ${missing.length} of ${shapes.size} tensors, first ${missing[0]}`,
      'Add all files of the model: every .safetensors shard, or the whole GGUF.',
    );
  }
  const unknown = [...found.keys()].filter((tensor) => !shapes.has(tensor) && !harmless(tensor, config));
  if (unknown.length > 0) {
    throw new FormatError(
      `${name} has ${unknown.length} tensors that its architecture (${config.architecture}) does not use here, first ${unknown[0]}`,
      `This is a variant that the lab does not compute (biases, experts, vision parts, another head). ${supportedFamilies(({ huggingFace }) => huggingFace.modelType)}`,
    );
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [tensor, shape] of shapes) {
    const stored = found.get(tensor)!;
    if (stored.shape.join() !== shape.join()) {
      throw new FormatError(
        `${name}: ${tensor} is (${stored.shape.join(', ')}), the config calls for (${shape.join(', ')})`,
        'The config and the weights belong to different models: take both from the same place.',
      );
    }
    tensors.set(tensor, stored);
  }
  return tensors;
}

/** A second copy of a tied head, and rotary frequencies that follow from the config. */
const harmless = (tensor: string, config: ModelConfig): boolean =>
  (tensor === HEAD && config.tiedHead) || tensor.endsWith('.rotary_emb.inv_freq');
