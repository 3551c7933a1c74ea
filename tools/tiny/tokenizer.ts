/**
 * Trains the built-in model's tokenizer and writes it in Hugging Face's layout: `vite-node tools/tiny/tokenizer.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ACTS } from '../../src/data/syntheticWorld';
import { trainBpe } from './bpe';
import { COMMON_WORDS } from './commonWords';
import { Draw } from './draw';
import { FOLDER } from './encode';
import { answerExample, gradingExample } from './sftExamples';

const VOCABULARY = 1024;
const CONTROL = ['<|end|>', '<|user|>', '<|assistant|>', '<|system|>'];

const template = readFileSync(`${FOLDER}/grader.txt`, 'utf8');
const draw = new Draw(1);
const texts: string[] = [];
for (let i = 0; i < 4000; i++) {
  const example = i % 2 ? answerExample(draw) : gradingExample(draw, template, 4);
  for (const { content } of example.turns) texts.push(content);
}
for (const { criterion } of Object.values(ACTS)) texts.push(criterion, criterion);
for (const word of COMMON_WORDS) texts.push(` ${word} ${word}`);

const { merges, tokens } = trainBpe(texts, VOCABULARY - CONTROL.length);
const vocab = Object.fromEntries([...CONTROL, ...tokens].map((token, id) => [token, id]));
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: CONTROL.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: null,
  decoder: byteLevel,
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab,
    merges,
  },
};
const chatTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
const config = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  model_max_length: 2048,
  eos_token: CONTROL[0],
  pad_token: CONTROL[0],
  clean_up_tokenization_spaces: false,
  chat_template: chatTemplate,
};
writeFileSync(`${FOLDER}/tokenizer.json`, `${JSON.stringify(tokenizer, null, 1)}\n`);
writeFileSync(`${FOLDER}/tokenizer_config.json`, `${JSON.stringify(config, null, 2)}\n`);
console.log(`${tokens.length + CONTROL.length} tokens, ${merges.length} merges`);
