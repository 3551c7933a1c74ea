import { expect, it } from 'vitest';
import { streamedText, textFile } from './outputFile';
import { tinyConfig, tinyFolder } from './test/testModel';
import { zipStream } from './zip';

async function* words() {
  yield 'one\n';
  yield 'two\n';
}

it('makes the same archive every time, of files whose size only writing tells too', async () => {
  const files = [textFile('a.txt', 'hello'), ...tinyFolder(tinyConfig()), streamedText('words.txt', words)];
  const bytes = new Uint8Array(await new Response(zipStream(files, 'tiny')).arrayBuffer());
  expect(String.fromCharCode(...bytes.subarray(30, 40))).toBe('tiny/a.txt');
  const text = new TextDecoder('latin1').decode(bytes);
  expect(text).toContain('tiny/words.txtone\ntwo\n');
  expect(new Uint8Array(await new Response(zipStream(files, 'tiny')).arrayBuffer())).toEqual(bytes);
});
