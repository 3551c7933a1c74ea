import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Document } from './documents';

export const FOLDER = 'public/models/tiny';

/** Weight in the loss of the text that others say: a little, which teaches the words early. */
const HEARD = 0.1;
/** Weight of the token that decides a verdict, against 1 for a token of an answer. */
const VERDICT = 4;
/** Weight of the rest of a grading's fixed frame. */
const FRAME = 0.1;

export interface Encoded {
  /** (T) */
  readonly ids: readonly number[];
  /** (T) weight of predicting each id; 0 for the first. */
  readonly weights: readonly number[];
}

/** Encoder of the built-in model's documents. What is said never becomes a control token: it is encoded apart. */
export function documentEncoder(): {
  encode(document: Document): Encoded;
  text(text: string): number[];
  control(name: string): number;
} {
  const read = (name: string) => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
  const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  const text = (content: string): number[] => [...tokenizer.encode(content, { add_special_tokens: false }).ids];
  const control = (name: string): number => text(name)[0]!;
  const verdicts = new Set([text(' true')[0], text(' false')[0]]);
  // Explanations are decided by their first words, as the verdict is.
  const decisive = new Set([...verdicts, text(' does')[0], text(' says')[0]]);
  return {
    text,
    control,
    encode({ kind, turns }) {
      const ids: number[] = [];
      const weights: number[] = [];
      const add = (id: number, weight: number) => {
        weights.push(ids.length === 0 ? 0 : weight);
        ids.push(id);
      };
      for (const { role, content } of turns) {
        const heard = role === 'user';
        add(control(`<|${role}|>`), 0);
        for (const id of text(content)) {
          add(id, heard ? HEARD : kind === 'answer' ? 1 : decisive.has(id) ? VERDICT : FRAME);
        }
        add(control('<|end|>'), heard ? 0 : kind === 'answer' ? 1 : FRAME);
      }
      return { ids, weights };
    },
  };
}
