import { expect, it } from 'vitest';
import { tinyTokenizer } from '../formats/test/testModel';
import fixtures from './test/fixtures/tokens.json';
import { all, smollm2, tiny } from './test/testTokenizers';
import { Tokenizer } from './tokenizer';

for (const name of ['smollm2', 'qwen3'] as const) {
  it(`cuts text into the ids of the original tokenizer (${name})`, () => {
    for (const [i, text] of fixtures.texts.entries()) {
      expect([...all[name].encode(text)], text).toEqual(fixtures[name].plain[i]);
    }
  });
}

it('gives every text back', () => {
  for (const text of fixtures.texts) {
    expect(smollm2.decode(smollm2.encode(text))).toBe(text);
    expect(tiny.decode(tiny.encode(text))).toBe(text);
    expect(all.qwen3.decode(all.qwen3.encode(text))).toBe(text.normalize('NFC')); // its normaliser
  }
});

it('never makes a marker of plain text', () => {
  for (const tokenizer of Object.values(all)) {
    const markers = new Set(tokenizer.markers.values());
    for (const marker of tokenizer.markers.keys()) {
      for (const text of [marker, `a${marker}b`, marker.repeat(3), ` ${marker}\n`]) {
        const ids = tokenizer.encode(text);
        expect(
          [...ids].filter((id) => markers.has(id)),
          text,
        ).toEqual([]);
      }
    }
  }
});

it('not even where the merges would spell one', () => {
  const files = tinyTokenizer();
  const { model } = files.tokenizer;
  const merges = ['<t', '<th', '<thi', '<thin', '<think', '<think>'].map(
    (word) => [word.slice(0, -1), word.at(-1)!] as const,
  );
  const vocab = { ...model.vocab, ...Object.fromEntries(merges.map(([a, b], i) => [a + b, 400 + i])), '<think>': 259 };
  const tokenizer = {
    ...files.tokenizer,
    model: { ...model, vocab, merges },
    pre_tokenizer: { type: 'ByteLevel', use_regex: false },
  };
  const { encode, decode } = bound(Tokenizer.fromFiles({ ...files, tokenizer }));
  expect([...encode('<think>')]).not.toContain(259);
  expect(decode(encode('<think>'))).toBe('<think>');
});
const bound = (t: Tokenizer) => ({ encode: t.encode.bind(t), decode: t.decode.bind(t) });

it('leaves control tokens out of text unless asked, and keeps <think>', () => {
  const ids = [257, ...tiny.encode('hello'), 259, 258];
  expect(tiny.decode(ids)).toBe('hello<think>');
  expect(tiny.decode(ids, { control: true })).toBe('<|im_start|>hello<think><|im_end|>');
  expect(tiny.tokenText(258)).toBe('<|im_end|>');
});

it('decodes token by token without breaking characters', () => {
  const decoder = tiny.decoder();
  const pieces = [...tiny.encode('é🩺.')].map((id) => decoder.push(id));
  expect(pieces).toEqual(['', 'é', '', '', '', '🩺', '.']);
  expect(decoder.push(tiny.encode('é')[0]!) + decoder.end()).toBe('\ufffd'); // half a character at the end
});

it('has nothing to say about ids without a token', () => {
  expect(tiny.decode([100_000])).toBe('');
  expect(tiny.encode('')).toEqual(new Int32Array(0));
  expect(tiny.decode([])).toBe('');
  expect(tiny.vocabularySize).toBe(268);
  expect(tiny.endTokens).toEqual([258]);
});

it('knows the token that a text begins with, from either file', () => {
  const files = tinyTokenizer();
  const template = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<|endoftext|>' } }, { Sequence: { id: 'A' } }],
  };
  const tokenizer = {
    ...files.tokenizer,
    post_processor: { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template] },
  };
  expect(Tokenizer.fromFiles({ ...files, tokenizer }).beginToken).toBe(256);
  expect(Tokenizer.fromFiles({ ...files, config: { ...files.config, add_bos_token: true } }).beginToken).toBe(257);
  expect(tiny.beginToken).toBeNull();
  expect(smollm2.beginToken).toBeNull();
});

it('refuses a tokenizer of another kind, by name', () => {
  const files = tinyTokenizer();
  const wordPiece = { ...files.tokenizer, decoder: { type: 'WordPiece' } };
  expect(() => Tokenizer.fromFiles({ ...files, tokenizer: wordPiece })).toThrow(/decodes by WordPiece/);
  const unknown = { ...files.tokenizer, pre_tokenizer: { type: 'Novel' } };
  expect(() => Tokenizer.fromFiles({ ...files, tokenizer: unknown })).toThrow(/tokenizer\.json cannot be used.*Novel/);
});

it.each([4e9, -1, 1.5, 'x'])('refuses a vocabulary with the id %s', (id) => {
  const files = tinyTokenizer();
  const vocab = { ...files.tokenizer.model.vocab, zzz: id as number };
  const tokenizer = { ...files.tokenizer, model: { ...files.tokenizer.model, vocab } };
  expect(() => Tokenizer.fromFiles({ ...files, tokenizer })).toThrow(/"zzz" has the id/);
});
