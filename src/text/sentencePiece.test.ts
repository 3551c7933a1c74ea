import { describe, expect, it } from 'vitest';
import { tokenizerFiles } from '../formats/tokenizerFiles';
import { encodeChat } from './chatTemplate';
import fixture from './test/fixtures/sentencePiece.json';
import { Tokenizer } from './tokenizer';

const open = (tokenizer: unknown, template: string | null = null) =>
  Tokenizer.fromFiles(tokenizerFiles(tokenizer, { bos_token: '<s>', eos_token: '</s>' }, template, [2]));

/** A template that says nothing but this text. */
const saying = (text: string) => `{{ ${JSON.stringify(text)} }}`;
const prompt = { addGenerationPrompt: true };

describe.each(Object.entries(fixture.layouts))(
  'a vocabulary laid out as %s',
  (_, { tokenizer, plain, decoded, marked }) => {
    it('gives the ids of the original, and its texts', () => {
      const own = open(tokenizer);
      for (const [i, text] of fixture.texts.entries()) {
        expect([...own.encode(text)], text).toEqual(plain[i]);
        expect(own.decode(plain[i]!), text).toBe(decoded[i]);
      }
    });

    it('gives the ids of the original where a template has control tokens', () => {
      for (const [i, text] of fixture.marked.entries()) {
        const own = open(tokenizer, saying(text));
        expect([...encodeChat(own, [{ role: 'user', content: 'a' }], prompt)], text).toEqual(marked[i]);
      }
    });

    it('goes on within a text: no space of its own, and nothing becomes a control token', () => {
      const own = open(tokenizer);
      for (const text of fixture.texts) {
        const ids = [...own.encode('How'), ...own.encode(text, 'within')];
        // Read back as one text; a mark in it is a space, as in the original.
        expect(own.decode(ids)).toBe(`How${text}`.replaceAll('▁', ' '));
        for (const id of ids) expect([...own.markers.values()]).not.toContain(id);
      }
    });

    it('tells what each token is by itself', () => {
      const own = open(tokenizer);
      const { vocab } = tokenizer.model as unknown as { vocab: Record<string, number> };
      expect(own.tokenText(vocab['▁']!)).toBe(' ');
      expect(own.tokenBytes(vocab['<0x0A>']!)).toEqual(Uint8Array.of(10));
      expect(own.tokenText(own.markers.get('<|user|>')!)).toBe('<|user|>');
    });
  },
);

it('refuses decoders of other kinds by name', () => {
  const { tokenizer } = fixture.layouts.llama2;
  const decoding = (decoder: unknown) => () => open({ ...tokenizer, decoder });
  expect(decoding({ type: 'WordPiece' })).toThrow(/decodes by WordPiece, which is not supported/);
  expect(decoding(null)).toThrow(/decodes by none/);
  expect(decoding({ type: 'Sequence', decoders: [{ type: 'CTC' }] })).toThrow(
    /a sequence of steps that is not supported/,
  );
});
