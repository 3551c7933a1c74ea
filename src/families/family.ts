import type { z } from 'zod';
import type { ModelConfig } from '../domain/model';
import type { LayerDescription } from './layer';

/**
 * What a container's metadata says of a model. Whoever opens the container checks the values, and throws where
 * something is refused.
 */
export interface Reading<Fields> {
  readonly fields: Fields;
  /**
   * What the model would compute otherwise than here, each as a noun: "RoPE scaling of type yarn". Empty where all is
   * supported.
   */
  readonly refused: readonly string[];
}

/**
 * The fields of ModelConfig that config.json decides; the ends of a completion are read the same way for all families.
 */
export type HuggingFaceFields = Omit<ModelConfig, 'architecture' | 'endTokens'>;
/** Those that GGUF metadata decides; vocabulary and tied head follow from the tensors. */
export type GgufFields = Omit<HuggingFaceFields, 'vocabulary' | 'tiedHead'>;

/** The metadata of a GGUF under its architecture's prefix: `number('block_count')` is `llama.block_count`. */
export interface GgufMetadata {
  /** Throws when the value is missing and there is no fallback, or is no number. */
  number(key: string, fallback?: number): number;
  get(key: string): unknown;
  hasTensor(name: string): boolean;
  /** (D/2) divisors of RoPE's frequencies: the tensor rope_freqs.weight, where the file has it. */
  readonly ropeFactors?: ArrayLike<number>;
}

/**
 * Everything that tells one family of models from another: how its checkpoints are read and written, and what a layer
 * computes.
 */
export interface ModelFamily {
  /** Which of the family's models are supported, for error messages: "dense". */
  readonly limits: string;
  layer(config: ModelConfig, index: number): LayerDescription;
  /** Factor of the embedding; 1 unless given. */
  embeddingScale?(config: ModelConfig): number;
  /** Added to the norm weights of Hugging Face checkpoints, which GGUF files have in them already; 0 unless given. */
  readonly normOffset?: number;
  readonly huggingFace: {
    /** In `architectures` of config.json. */
    readonly className: string;
    readonly modelType: string;
    /** `parse` checks config.json against a schema and throws FormatError with every field that is not as expected. */
    read(
      json: unknown,
      parse: <S extends z.ZodType>(schema: S, json: unknown) => z.infer<S>,
    ): Reading<HuggingFaceFields>;
    /** The fields of config.json, without names, ends and type of the weights; readable by transformers 4 and 5. */
    write(config: ModelConfig): Record<string, unknown>;
  };
  readonly gguf: {
    /** `general.architecture`. */
    readonly architecture: string;
    /** llama.cpp’s converter interleaves the two halves of each query and key head. */
    readonly interleavedHeads: boolean;
    /** Tokens that end a turn or a text; metadata often names only one of them. */
    readonly endTexts: readonly string[];
    read(metadata: GgufMetadata): Reading<GgufFields>;
  };
}
