import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nearestTests, readMutations } from './mutations.mjs';

const LISTS = 'tools/mutate/list';
const mutations = readdirSync(LISTS).flatMap((file) =>
  readMutations(file.replace('.json', ''), readFileSync(`${LISTS}/${file}`, 'utf8')),
);

it('every mutation still has its one place in the source', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(150);
  const wrong = mutations.filter(({ file, find }) => readFileSync(file, 'utf8').split(find).length !== 2);
  expect(wrong.map(({ id, file, find }) => `${id}: ${file} has not one ${JSON.stringify(find)}`)).toEqual([]);
});

it('a source is tested by the file of its stem, else by its folder, a shader by its kernel', () => {
  const tracked = ['src/a/x.test.ts', 'src/a/x.more.test.ts', 'src/a/y.test.ts', 'src/kernels/gemm/gemm.test.ts'];
  expect(nearestTests('src/a/x.ts', tracked)).toEqual(['src/a/x.test.ts', 'src/a/x.more.test.ts']);
  expect(nearestTests('src/a/z.ts', tracked)).toEqual(tracked.slice(0, 3));
  expect(nearestTests('shaders/gemm/gemm.forward.split.wgsl', tracked)).toEqual(['src/kernels/gemm/gemm.test.ts']);
});
