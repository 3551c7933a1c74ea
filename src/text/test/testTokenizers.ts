import { tinyTokenizer } from '../../formats/test/testModel';
import { tokenizerFiles } from '../../formats/tokenizerFiles';
import { Tokenizer } from '../tokenizer';
import fixtures from './fixtures/tokens.json';

/** Real tokenizers cut down to what the fixture's texts touch (tools/fixtures/text.py), for tests only. */
const open = (name: 'smollm2' | 'qwen3'): Tokenizer => {
  const { tokenizer, chatTemplate } = fixtures[name];
  return Tokenizer.fromFiles(tokenizerFiles(tokenizer, { eos_token: '<|im_end|>' }, chatTemplate, []));
};
export const smollm2 = open('smollm2');
export const qwen3 = open('qwen3');

/** All bytes, a few merges, ChatML and thinking markers, no chat template. */
export const tiny = Tokenizer.fromFiles(tinyTokenizer());

export const all = { smollm2, qwen3, tiny };
