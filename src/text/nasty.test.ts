import { describe, expect, it } from 'vitest';
import type { GgufValue } from '../formats/ggufHeader';
import { ggufTokenizer } from '../formats/ggufTokenizer';
import { tokenizerFiles } from '../formats/tokenizerFiles';
import { readFixture } from '../reference/recorded';
import { Tokenizer } from './tokenizer';

interface SentencePiece {
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  readonly types: readonly number[];
  readonly unknown: number;
  readonly addSpacePrefix: boolean;
  readonly ids: readonly (readonly number[])[];
}
interface ByteLevel {
  readonly tokenizer: unknown;
  readonly ids: readonly (readonly number[])[];
}
interface Nasty {
  readonly texts: readonly string[];
  readonly gemma3: SentencePiece;
  readonly llama2: SentencePiece;
  readonly llama3: ByteLevel;
  readonly qwen3: ByteLevel;
}

// Texts and ids: tools/fixtures/nasty.py.
const recorded = readFixture<Nasty>(import.meta.url, 'test/fixtures/nasty.json');

function fromGguf({ tokens, scores, types, unknown, addSpacePrefix }: SentencePiece): Tokenizer {
  const metadata = new Map<string, GgufValue>([
    ['tokenizer.ggml.model', 'llama'],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.scores', scores],
    ['tokenizer.ggml.token_type', types],
    ['tokenizer.ggml.unknown_token_id', unknown],
    ['tokenizer.ggml.add_space_prefix', addSpacePrefix],
  ]);
  return Tokenizer.fromFiles(ggufTokenizer('x.gguf', metadata, []));
}

const tokenizers = {
  'Gemma 3, from GGUF': [fromGguf(recorded.gemma3), recorded.gemma3.ids],
  'Llama 2, from GGUF': [fromGguf(recorded.llama2), recorded.llama2.ids],
  'Llama 3': [Tokenizer.fromFiles(tokenizerFiles(recorded.llama3.tokenizer, {}, null, [])), recorded.llama3.ids],
  'Qwen 2 and 3': [Tokenizer.fromFiles(tokenizerFiles(recorded.qwen3.tokenizer, {}, null, [])), recorded.qwen3.ids],
} as const;

describe.each(Object.entries(tokenizers))('%s: 500 nasty texts', (_, [tokenizer, ids]) => {
  it('have the ids of Hugging Face', () => {
    expect(recorded.texts.length).toBe(500);
    const wrong = recorded.texts.flatMap((text, i) => {
      const got = [...tokenizer.encode(text)];
      return got.join() === ids[i]!.join() ? [] : [{ text, got, want: ids[i] }];
    });
    expect(wrong).toEqual([]);
  });

  it('come back as they were', () => {
    // ▁ stands for a space in some vocabularies, and NFC is the first step of others.
    const normal = (text: string) => text.replaceAll('▁', ' ').normalize('NFC');
    const wrong = recorded.texts.filter((text) => normal(tokenizer.decode(tokenizer.encode(text))) !== normal(text));
    expect(wrong).toEqual([]);
  });
});
