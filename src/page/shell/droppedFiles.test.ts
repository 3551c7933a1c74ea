import { expect, it } from 'vitest';
import { filesOf, pathOf, sortFiles } from './droppedFiles';

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

it('knows the folder that a dropped file was in, however deep', async () => {
  const fileEntry = (fullPath: string) => ({
    isFile: true,
    fullPath,
    file: (done: (file: File) => void) => done(new File([''], fullPath.split('/').at(-1)!)),
  });
  const folderEntry = (entries: readonly object[]) => {
    const batches = [entries, []];
    return {
      isFile: false,
      createReader: () => ({ readEntries: (done: (of: unknown) => void) => done(batches.shift()) }),
    };
  };
  const root = folderEntry([
    fileEntry('/SmolLM2/config.json'),
    folderEntry([fileEntry('/SmolLM2/onnx/model.onnx')]),
    fileEntry('/SmolLM2/tokenizer.json'),
  ]);
  const items = [{ webkitGetAsEntry: () => root }, { webkitGetAsEntry: () => fileEntry('/alone.gguf') }];
  const dropped = await filesOf({ items, files: [] } as unknown as DataTransfer);
  expect(dropped.map(pathOf)).toEqual([
    'SmolLM2/config.json',
    'SmolLM2/onnx/model.onnx',
    'SmolLM2/tokenizer.json',
    'alone.gguf',
  ]);
  expect(pathOf(new File([''], 'picked.gguf'))).toBe('picked.gguf');
});
