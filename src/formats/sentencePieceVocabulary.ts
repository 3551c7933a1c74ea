import { FormatError } from './formatError';
import type { GgufValue } from './ggufHeader';

/** What marks a space in a vocabulary of SentencePiece's kind. */
const SPACE = '▁';
/** ggml's types of tokens that merging makes: ordinary ones, and what a person added. */
const MERGED = new Set([1, 4]);

const replace = (old: string, content: string) => ({ type: 'Replace', pattern: { String: old }, content });

/**
 * A vocabulary of SentencePiece's kind from GGUF metadata (`tokenizer.ggml.model` is llama: Gemma, Llama 2) in the terms
 * of tokenizer.json. The file has a score for each token in place of merges: SentencePiece joins the pair whose token
 * has the highest score, so each way to make a token from two others is a merge, in the order of scores, as transformers
 * converts them.
 */
export function sentencePieceLayout(file: string, tokens: readonly string[], metadata: ReadonlyMap<string, GgufValue>) {
  const get = (key: string) => metadata.get(`tokenizer.ggml.${key}`);
  const scores = numbers(file, 'scores', get('scores'), tokens.length);
  const types = numbers(file, 'token_type', get('token_type'), tokens.length);
  const prefix = get('add_space_prefix') !== false;
  const unknown = get('unknown_token_id');
  const spelled = tokens.map((token, id) =>
    types[id] === 4 && /^ +$/.test(token) ? SPACE.repeat(token.length) : token,
  );
  const vocab: Record<string, number> = Object.create(null);
  for (const [id, token] of spelled.entries()) vocab[token] ??= id;
  const decoders = [replace(SPACE, ' '), { type: 'ByteFallback' }, { type: 'Fuse' }];
  return {
    steps: {
      normalizer: prefix
        ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: SPACE }, replace(' ', SPACE)] }
        : replace(' ', SPACE),
      pre_tokenizer: null,
      decoder: {
        type: 'Sequence',
        decoders: prefix ? [...decoders, { type: 'Strip', content: ' ', start: 1, stop: 0 }] : decoders,
      },
    },
    model: {
      unk_token: typeof unknown === 'number' ? spelled[unknown] : null,
      fuse_unk: true,
      byte_fallback: true,
      merges: mergesOf(spelled, scores, types, vocab),
    },
    tokens: spelled,
    vocab,
  };
}

interface Merge {
  readonly score: number;
  readonly left: string;
  readonly right: string;
  /** In characters. */
  readonly sizes: readonly [left: number, right: number];
}

function mergesOf(
  tokens: readonly string[],
  scores: readonly number[],
  types: readonly number[],
  vocab: Readonly<Record<string, number>>,
): (readonly [string, string])[] {
  const part = (text: string): number | undefined => {
    const id = vocab[text];
    return id !== undefined && MERGED.has(types[id]!) ? id : undefined;
  };
  const merges: Merge[] = [];
  for (const [id, token] of tokens.entries()) {
    if (!MERGED.has(types[id]!)) continue;
    const ways: { merge: Merge; ids: readonly [number, number] }[] = [];
    const length = [...token].length;
    let at = 0;
    for (let size = 1; size < length; size++) {
      at += token.codePointAt(at)! > 0xffff ? 2 : 1;
      const [left, right] = [token.slice(0, at), token.slice(at)];
      const ids = [part(left), part(right)] as const;
      if (ids[0] === undefined || ids[1] === undefined) continue;
      // What a person added comes first, whatever score the converter wrote for it.
      const score = types[id] === 1 ? scores[id]! : Number.MAX_VALUE;
      const merge = { score, left, right, sizes: [size, length - size] as const };
      ways.push({ merge, ids: [ids[0], ids[1]] });
    }
    ways.sort((a, b) => a.ids[0] - b.ids[0] || a.ids[1] - b.ids[1]);
    for (const { merge } of ways) merges.push(merge);
  }
  merges.sort((a, b) => b.score - a.score || b.sizes[0] - a.sizes[0] || b.sizes[1] - a.sizes[1]);
  return merges.map(({ left, right }) => [left, right]);
}

function numbers(file: string, what: string, value: GgufValue | undefined, count: number): readonly number[] {
  if (Array.isArray(value) && value.length === count && value.every((item) => typeof item === 'number'))
    return value as readonly number[];
  throw new FormatError(`${file} has no ${what} for its tokens`, 'Convert the model again with a current llama.cpp.');
}
