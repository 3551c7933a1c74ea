import { expect, it } from 'vitest';
import { textFile } from './outputFile';
import { tinyConfig, tinyFolder } from './testModel';
import { zipSize, zipStream } from './zip';

it('makes an archive of the size it foretells, the same every time', async () => {
  const files = [textFile('a.txt', 'hello'), ...tinyFolder(tinyConfig())];
  const bytes = new Uint8Array(await new Response(zipStream(files, 'tiny')).arrayBuffer());
  expect(bytes.length).toBe(zipSize(files, 'tiny'));
  expect(String.fromCharCode(...bytes.subarray(30, 40))).toBe('tiny/a.txt');
  expect(new Uint8Array(await new Response(zipStream(files, 'tiny')).arrayBuffer())).toEqual(bytes);
});
