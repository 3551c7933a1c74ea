import { basename, dirname } from 'node:path';

/**
 * The mutations of one list: [{ file, find, replace, why, test?, survives? }]. `find` occurs once in the file. `test`:
 * the test files to run, where they are not the nearest. `survives`: why no test can notice. Throws on anything else.
 */
export function readMutations(list, text) {
  return JSON.parse(text).map((mutation, i) => {
    const { file, find, replace, why } = mutation;
    for (const [key, value] of Object.entries({ file, find, replace, why })) {
      if (typeof value !== 'string') throw new Error(`${list}.json, entry ${i + 1}: ${key} must be text`);
    }
    if (find === replace) throw new Error(`${list}.json, entry ${i + 1}: find and replace are equal`);
    return { ...mutation, list, id: `${basename(file)}#${hash(`${find}→${replace}`)}` };
  });
}

/**
 * The tests beside a source: of the same stem first (`x.test.ts`, `x.y.test.ts`), else those of its folder. Of a
 * shader: those of its kernel.
 */
export function nearestTests(file, tracked) {
  const tests = tracked.filter((name) => /\.test\.(tsx?|mjs)$/.test(name));
  const stem = basename(file).split('.')[0];
  if (file.startsWith('shaders/')) {
    return tests.filter((name) => name.startsWith('src/kernels/') && basename(name).split('.')[0] === stem);
  }
  const folder = tests.filter((name) => dirname(name) === dirname(file));
  const same = folder.filter((name) => basename(name).split('.')[0] === stem);
  return same.length > 0 ? same : folder;
}

/** Killed and survived by list, as Markdown. */
export function table(mutations) {
  const lists = [...new Set(mutations.map(({ list }) => list))];
  const row = (name, own) => {
    const killed = own.filter(({ result }) => result === 'killed').length;
    const explained = own.filter(({ result, survives }) => result === 'survived' && survives).length;
    return `| ${name} | ${own.length} | ${killed} | ${own.length - killed} | ${explained} |`;
  };
  return [
    '| list | mutations | killed | survived | of these explained |',
    '| --- | --- | --- | --- | --- |',
    ...lists.map((list) =>
      row(
        list,
        mutations.filter((mutation) => mutation.list === list),
      ),
    ),
    row('all', mutations),
  ].join('\n');
}

function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36).slice(0, 5);
}
