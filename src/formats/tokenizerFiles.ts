import { z } from 'zod';
import { damaged, FormatError } from './formatError';
import { parseFile } from './parseFile';

const addedTokenSchema = z.looseObject({
  id: z.number().int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().default(false),
  /** White space before or after it is swallowed. */
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
});

/**
 * The parts of tokenizer.json that the lab reads; the rest is passed on. Vocabulary and merges are big and checked by
 * hand.
 */
const tokenizerJsonSchema = z.looseObject({
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  decoder: z.unknown().optional(),
  added_tokens: z.array(addedTokenSchema).default([]),
  model: z.looseObject({
    type: z.string().default('BPE'),
    vocab: z.custom<Record<string, number>>((v) => typeof v === 'object' && v !== null && !Array.isArray(v)),
    merges: z.custom<readonly (string | readonly [string, string])[]>((v) => Array.isArray(v)),
  }),
});
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;

const tokenText = z.union([z.string(), z.looseObject({ content: z.string() }).transform((t) => t.content)]).nullish();

/** tokenizer_config.json. */
const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenText,
  eos_token: tokenText,
  add_bos_token: z.boolean().nullish(),
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish()
    .transform((t) => (Array.isArray(t) ? (t.find(({ name }) => name === 'default') ?? t[0])?.template : t)),
});
export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

/** What text/tokenizer.ts needs, and what an exported folder gets: made from a folder's files or from GGUF metadata. */
export interface TokenizerFiles {
  readonly tokenizer: TokenizerJson;
  readonly config: TokenizerConfig;
  /** Jinja source of the chat template; null when the checkpoint has none. */
  readonly chatTemplate: string | null;
  /** Ids that end a completion: the model config's. */
  readonly endTokens: readonly number[];
}

const isMerge = (merge: unknown): boolean =>
  typeof merge === 'string' ||
  (Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string'));

/** Checks tokenizer.json, tokenizer_config.json and chat_template.jinja (which wins over the config's template). */
export function tokenizerFiles(
  tokenizerJson: unknown,
  tokenizerConfig: unknown,
  jinja: string | null,
  endTokens: readonly number[],
): TokenizerFiles {
  const tokenizer = parseFile(tokenizerJsonSchema, tokenizerJson, 'tokenizer.json');
  const config = parseFile(tokenizerConfigSchema, tokenizerConfig ?? {}, 'tokenizer_config.json');
  const bad = tokenizer.model.merges.findIndex((merge: unknown) => !isMerge(merge));
  if (bad >= 0) throw damaged('tokenizer.json', `merge ${bad + 1} is neither a text nor two`);
  if (tokenizer.model.type !== 'BPE') {
    throw new FormatError(
      `tokenizer.json holds a ${tokenizer.model.type} model, which is not supported`,
      'Use a checkpoint with a BPE tokenizer, such as SmolLM2, Llama, Gemma or Qwen3.',
    );
  }
  return { tokenizer, config, chatTemplate: jinja ?? config.chat_template ?? null, endTokens };
}
