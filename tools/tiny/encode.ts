import { readFileSync } from 'node:fs';
import { tokenizerFiles } from '../../src/formats/tokenizerFiles';
import { Tokenizer } from '../../src/text/tokenizer';
import type { SftExample } from './sftExamples';

export const FOLDER = 'public/models/tiny';

/** Weights of tokens in the loss; a token of an answer has 1. */
const USER = 0.1; // tokens of the user: a small weight teaches the words early
const CHECKED = 1; // a verdict in a checklist
const VERDICT = 4; // a verdict in a grading, or the word of an explanation that gives it away
const FRAME = 0.1; // the rest of a grading

/** A example as tokens, with the weight of each in the loss; 0 for the first and for tokens of the template. */
export interface Encoded {
  readonly kind: SftExample['kind'];
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

/** Encodes examples as the chat template writes them. */
export function exampleEncoder(tokenizer: Tokenizer): (example: SftExample) => Encoded {
  const word = (text: string) => tokenizer.encode(text)[0]!;
  const verdicts = new Set([word(' true'), word(' false')]);
  const decisive = new Set([...verdicts, word(' says'), word(' does')]);
  return ({ kind, turns }) => {
    const ids: number[] = [];
    const weights: number[] = [];
    for (const { role, content } of turns) {
      const fromUser = role === 'user';
      ids.push(tokenizer.markers.get(`<|${role}|>`)!);
      weights.push(0);
      for (const id of tokenizer.encode(content)) {
        ids.push(id);
        if (fromUser) weights.push(kind === 'checklist' && verdicts.has(id) ? CHECKED : USER);
        else if (kind === 'answer') weights.push(1);
        else weights.push(decisive.has(id) ? VERDICT : FRAME);
      }
      ids.push(tokenizer.markers.get('<|end|>')!);
      weights.push(fromUser ? 0 : kind === 'answer' ? 1 : FRAME);
    }
    return { kind, ids, weights };
  };
}
