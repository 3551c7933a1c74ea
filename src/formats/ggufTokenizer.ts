import { FormatError } from './formatError';
import type { GgufValue } from './ggufHeader';
import { sentencePieceLayout } from './sentencePieceVocabulary';
import { type TokenizerFiles, tokenizerFiles } from './tokenizerFiles';

type Metadata = ReadonlyMap<string, GgufValue>;

/** ggml's token types that are not ordinary text. */
export const CONTROL = 3;
export const USER_DEFINED = 4;

const split = (pattern: string) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const byteLevel = (useRegex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
/** Words as Llama 3 and Qwen cut them, with digits in groups of 1 to 3 or one by one. */
const words = (digits: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** How text is cut before merging, by `tokenizer.ggml.pre`, in the terms of tokenizer.json. */
const PRE_TOKENIZERS: Record<string, { normalizer: unknown; steps: readonly unknown[]; ignoreMerges: boolean }> = {
  'gpt-2': { normalizer: null, steps: [byteLevel(true)], ignoreMerges: false },
  smollm: {
    normalizer: null,
    steps: [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
    ignoreMerges: false,
  },
  qwen2: { normalizer: { type: 'NFC' }, steps: [split(words('\\p{N}')), byteLevel(false)], ignoreMerges: false },
  'llama-bpe': { normalizer: null, steps: [split(words('\\p{N}{1,3}')), byteLevel(false)], ignoreMerges: true },
};

/** Ids that end a completion: the metadata's own, and those of `endTexts` in its vocabulary. */
export function endTokensOf(metadata: Metadata, endTexts: readonly string[]): number[] {
  const ids = new Set<number>();
  for (const key of ['eos_token_id', 'eot_token_id']) {
    const id = metadata.get(`tokenizer.ggml.${key}`);
    if (typeof id === 'number') ids.add(id);
  }
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (Array.isArray(tokens)) {
    tokens.forEach((token, id) => {
      if (typeof token === 'string' && endTexts.includes(token)) ids.add(id);
    });
  }
  return [...ids].sort((a, b) => a - b);
}

/**
 * The tokenizer in GGUF metadata as the tokenizer.json and tokenizer_config.json that the same model has in a Hugging
 * Face folder.
 */
export function ggufTokenizer(file: string, metadata: Metadata, endTokens: readonly number[]): TokenizerFiles {
  const get = (key: string) => metadata.get(`tokenizer.ggml.${key}`);
  const model = get('model');
  if (model !== 'gpt2' && model !== 'llama') {
    throw new FormatError(
      `${file} has a tokenizer of type ${String(model ?? 'none')}, which is not supported`,
      'Use a model with a BPE tokenizer: type gpt2, such as SmolLM2, Llama 3 or Qwen3, or llama, such as Gemma 3 or Llama 2.',
    );
  }
  const tokens = strings(file, 'tokens', get('tokens'));
  const types = get('token_type');
  const typeOf = (id: number) => (Array.isArray(types) ? types[id] : undefined);

  const vocab: Record<string, number> = Object.create(null);
  for (const [id, token] of tokens.entries()) {
    if (token in vocab)
      throw new FormatError(`${file}: token ${JSON.stringify(token)} appears twice`, 'Convert the model again.');
    vocab[token] = id;
  }
  const layout = model === 'llama' ? sentencePieceLayout(file, tokens, metadata) : byteLevelLayout(file, metadata);
  const added = (layout.tokens ?? tokens).flatMap((content, id) =>
    typeOf(id) === CONTROL || typeOf(id) === USER_DEFINED ? [addedToken(id, content, typeOf(id) === CONTROL)] : [],
  );

  const tokenAt = (key: string) => {
    const id = get(key);
    return typeof id === 'number' ? tokens[id] : undefined;
  };
  const bos = tokenAt('bos_token_id');
  // Absent means yes for Llama 3 and SentencePiece's vocabularies, and no for the others, as in llama.cpp.
  const addsBos =
    bos !== undefined && (get('add_bos_token') ?? (get('pre') === 'llama-bpe' || model === 'llama')) === true;
  const template = metadata.get('tokenizer.chat_template');
  return tokenizerFiles(
    {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      post_processor:
        model === 'llama' ? (addsBos ? beginning(bos, get('bos_token_id') as number) : null) : byteLevel(false),
      ...layout.steps,
      model: { ...BPE, ...layout.model, vocab: layout.vocab ?? vocab },
    },
    {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: bos,
      eos_token: tokenAt('eos_token_id'),
      pad_token: tokenAt('padding_token_id'),
      add_bos_token: addsBos,
      clean_up_tokenization_spaces: false,
    },
    typeof template === 'string' ? template : null,
    endTokens,
  );
}

/** The step that puts a token before a text. */
const beginning = (token: string, id: number) => {
  const first = (type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (name: string, type_id: number) => ({ Sequence: { id: name, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [first(0), text('A', 0)],
    pair: [first(0), text('A', 0), first(1), text('B', 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
};

const BPE = {
  type: 'BPE',
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
};

/** Parts of tokenizer.json that differ between the kinds of vocabulary. */
export interface TokenizerLayout {
  readonly steps: { readonly normalizer: unknown; readonly pre_tokenizer: unknown; readonly decoder: unknown };
  readonly model: Readonly<Record<string, unknown>>;
  /** Where they are spelled otherwise than in the file. */
  readonly tokens?: readonly string[];
  readonly vocab?: Readonly<Record<string, number>>;
}

function byteLevelLayout(file: string, metadata: Metadata): TokenizerLayout {
  const named = metadata.get('tokenizer.ggml.pre');
  const pre = PRE_TOKENIZERS[String(named)];
  if (!pre) {
    throw new FormatError(
      `${file} cuts text by the rules of ${String(named ?? 'an old conversion')}, which are not supported`,
      `Supported are ${Object.keys(PRE_TOKENIZERS).join(', ')}. The model's Hugging Face folder may work instead.`,
    );
  }
  const merges = strings(file, 'merges', metadata.get('tokenizer.ggml.merges')).map((merge) => {
    // The first space after the first character divides: a token may itself be a space only in byte-level spelling,
    // never plainly.
    const at = merge.indexOf(' ', 1);
    return [merge.slice(0, at), merge.slice(at + 1)] as const;
  });
  return {
    steps: {
      normalizer: pre.normalizer,
      pre_tokenizer: { type: 'Sequence', pretokenizers: pre.steps },
      decoder: byteLevel(true),
    },
    model: { ignore_merges: pre.ignoreMerges, merges },
  };
}

const addedToken = (id: number, content: string, special: boolean) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});

function strings(file: string, what: string, value: GgufValue | undefined): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as readonly string[];
  throw new FormatError(`${file} has no tokenizer ${what}`, 'Convert the model again with a current llama.cpp.');
}
