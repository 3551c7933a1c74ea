import { expect, it } from 'vitest';
import { sortFiles } from './droppedFiles';

const files = (...names: string[]) => names.map((name) => new File([''], name));
const names = (list: File[]) => list.map(({ name }) => name);

it('sorts a mixed drop', () => {
  const sorted = sortFiles(files('healthbench.jsonl', 'model.gguf', 'notes.docx'));
  expect(names(sorted.data)).toEqual(['healthbench.jsonl']);
  expect(names(sorted.model)).toEqual(['model.gguf']);
  expect(sorted.unknown).toEqual(['notes.docx']);
});

it('takes what it needs from a checkpoint folder and leaves the rest without complaint', () => {
  const sorted = sortFiles(
    files(
      'config.json',
      'tokenizer.json',
      'model.safetensors',
      'chat_template.jinja',
      'README.md',
      'pytorch_model.bin',
      '.gitattributes',
    ),
  );
  expect(names(sorted.model)).toEqual(['config.json', 'tokenizer.json', 'model.safetensors', 'chat_template.jinja']);
  expect(sorted.unknown).toEqual([]);
});

it('does not swallow a single file in silence', () => {
  expect(sortFiles(files('README.md')).unknown).toEqual(['README.md']);
});
