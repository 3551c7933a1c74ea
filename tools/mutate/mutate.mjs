// npm run mutate: makes small faults in the source, one at a time, and says which of them no test near by notices.
//   npm run mutate                       every mutation of tools/mutate/list/*.json
//   npm run mutate -- rl data            only these lists
//   npm run mutate -- --only 'klOf'      only mutations whose file, find or why contains the text
//   npm run mutate -- --jobs 4            so many at a time (default: half of the processors, 2 at least)
//   npm run mutate -- --survivors        only mutations that survived the last time (.cache/mutate.json)
// Works in a copy of the tracked files: the working tree is not touched. Not part of npm test.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestTests, readMutations, table } from './mutations.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LISTS = join(root, 'tools/mutate/list');
const LAST = join(root, '.cache/mutate.json');
/** A mutation that makes a test hang counts as noticed. */
const LIMIT_MS = 180_000;
/** Killed of all, at least, for success. Survivors beyond that need a reason in the list (`survives`). */
const GOAL = 0.95;

const args = process.argv.slice(2);
const only = args.includes('--only') ? args.splice(args.indexOf('--only'), 2)[1] : undefined;
const jobs = Number(
  args.includes('--jobs') ? args.splice(args.indexOf('--jobs'), 2)[1] : Math.max(2, availableParallelism() >> 1),
);
const survivorsOnly = args.includes('--survivors') && args.splice(args.indexOf('--survivors'), 1).length === 1;
const names = readdirSync(LISTS)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => args.length === 0 || args.includes(name))
  .sort();

const last = existsSync(LAST) ? JSON.parse(readFileSync(LAST, 'utf8')) : {};
const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout.trim().split('\n');
const mutations = names
  .flatMap((name) => readMutations(name, readFileSync(join(LISTS, `${name}.json`), 'utf8')))
  .filter((m) => !only || `${m.file} ${m.find} ${m.why}`.includes(only))
  .filter((m) => !survivorsOnly || last[m.id] === 'survived')
  .map((m) => ({ ...m, tests: m.test ? [m.test].flat() : nearestTests(m.file, tracked) }));

const wrong = mutations.flatMap(({ id, file, find, tests }) => {
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : null;
  if (text === null) return [`${id}: there is no ${file}`];
  const times = text.split(find).length - 1;
  if (times !== 1) return [`${id}: ${file} has ${times} places with ${JSON.stringify(find)}, one is needed`];
  if (tests.length === 0) return [`${id}: no test is near ${file}; name one ("test")`];
  return tests.filter((test) => !existsSync(join(root, test))).map((test) => `${id}: there is no ${test}`);
});
if (mutations.length === 0) wrong.push('No mutation matches.');
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(2);
}

const copies = mkdtempSync(join(tmpdir(), 'autodidact-mutate-'));
process.on('exit', () => rmSync(copies, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

/** A copy of the tracked files as they are now. */
function makeCopy(name) {
  const copy = join(copies, name);
  for (const file of tracked.filter((file) => existsSync(join(root, file)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const shared of ['node_modules', '.cache']) {
    if (existsSync(join(root, shared))) symlinkSync(join(root, shared), join(copy, shared));
  }
  return copy;
}

/** Whether these tests pass in the copy as it stands. */
const passes = (copy, tests, limit = LIMIT_MS) =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--bail',
        '1',
        '--reporter',
        'dot',
        '--testTimeout',
        '120000',
        ...tests,
      ],
      { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output = (output + data).slice(-20_000);
      });
    }
    const timer = setTimeout(() => {
      if (process.platform === 'win32') child.kill();
      else process.kill(-child.pid, 'SIGKILL');
    }, limit);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ passed: code === 0, output });
    });
  });

const all = [...new Set(mutations.flatMap(({ tests }) => tests))];
console.log(`${mutations.length} mutations, ${all.length} test files. First the tests without a mutation.`);
const first = makeCopy('0');
const sound = await passes(first, all, 20 * LIMIT_MS);
if (!sound.passed) {
  console.error(sound.output);
  console.error('The tests fail without any mutation. Fix them first.');
  process.exit(1);
}

const started = Date.now();
let done = 0;
const waiting = [...mutations];

/** Runs mutations one after the other in its own copy. */
async function work(copy) {
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const path = join(copy, mutation.file);
    const text = readFileSync(path, 'utf8');
    const { find, replace } = mutation;
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    const { passed } = await passes(copy, mutation.tests);
    writeFileSync(path, text);
    mutation.result = passed ? 'survived' : 'killed';
    last[mutation.id] = mutation.result;
    done++;
    const left = Math.round((((Date.now() - started) / done) * (mutations.length - done)) / 60_000);
    const mark = passed ? (mutation.survives ? 'survived (explained)' : 'SURVIVED') : 'killed';
    const what = `${mutation.id}  ${mutation.why}`;
    console.log(`${done}/${mutations.length}  ${mark.padEnd(20)} ${what}  (about ${left} min left)`);
    mkdirSync(dirname(LAST), { recursive: true });
    writeFileSync(LAST, JSON.stringify(last, null, 1));
  }
}
const more = Array.from({ length: jobs - 1 }, (_, i) => makeCopy(String(i + 1)));
await Promise.all([first, ...more].map(work));

console.log(`\n${table(mutations)}`);
const survivors = mutations.filter(({ result }) => result === 'survived');
for (const { id, why, survives } of survivors)
  console.log(`survived: ${id} — ${why}${survives ? `\n  ${survives}` : ''}`);
const killed = mutations.length - survivors.length;
const unexplained = survivors.filter(({ survives }) => !survives).length;
console.log(
  `\n${killed} of ${mutations.length} killed (${((100 * killed) / mutations.length).toFixed(1)} %), ${unexplained} survivors without a reason`,
);
process.exit(killed / mutations.length >= GOAL && unexplained === 0 ? 0 : 1);
