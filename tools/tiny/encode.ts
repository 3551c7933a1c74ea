import { readFileSync } from 'node:fs';
import { tokenizerFiles } from '../../src/formats/tokenizerFiles';
import { Tokenizer } from '../../src/text/tokenizer';
import type { Document } from './documents';

export const FOLDER = 'public/models/tiny';

/** Weights of tokens in the loss; a token of an answer has 1. */
const HEARD = 0.1; // what others say: a little of it teaches the words early
const CHECKED = 1; // a verdict in a checklist
const VERDICT = 4; // a verdict in a grading, or the word of an explanation that gives it away
const FRAME = 0.1; // the rest of a grading

/** A document as tokens, with the weight of predicting each; 0 for the first and for what only a template writes. */
export interface Encoded {
  readonly kind: Document['kind'];
  readonly ids: readonly number[]; // (T)
  readonly weights: readonly number[]; // (T)
}

/** The built-in model's tokenizer, from its folder. */
export function tinyTokenizer(): Tokenizer {
  return Tokenizer.fromFiles(tinyTokenizerFiles());
}

export function tinyTokenizerFiles() {
  const read = (name: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
  return tokenizerFiles(read('tokenizer.json'), read('tokenizer_config.json'), null, [0]);
}

export const graderTemplate = (): string => readFileSync(`${FOLDER}/grader.txt`, 'utf8');

/** Encodes documents as the chat template writes them. */
export function documentEncoder(tokenizer: Tokenizer): (document: Document) => Encoded {
  const word = (text: string) => tokenizer.encode(text)[0]!;
  const verdicts = new Set([word(' true'), word(' false')]);
  const decisive = new Set([...verdicts, word(' says'), word(' does')]);
  return ({ kind, turns }) => {
    const ids: number[] = [];
    const weights: number[] = [];
    for (const { role, content } of turns) {
      const heard = role === 'user';
      ids.push(tokenizer.markers.get(`<|${role}|>`)!);
      weights.push(0);
      for (const id of tokenizer.encode(content)) {
        ids.push(id);
        if (heard) weights.push(kind === 'checklist' && verdicts.has(id) ? CHECKED : HEARD);
        else if (kind === 'answer') weights.push(1);
        else weights.push(decisive.has(id) ? VERDICT : FRAME);
      }
      ids.push(tokenizer.markers.get('<|end|>')!);
      weights.push(heard ? 0 : kind === 'answer' ? 1 : FRAME);
    }
    return { kind, ids, weights };
  };
}
