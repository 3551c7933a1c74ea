import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asSources, tinyConfig, tinyFolder } from '../../src/formats/test/testModel';
import { DRAWN, recipe } from '../../src/lab/test/testGpuLab';
import { derive } from '../../src/random';

/**
 * Kills runs of the command line at random moments and resumes them: npm run crash -- --kills 1000. Every kind of run
 * must lose no step but the one under way, and end bit-equal to a run that was never killed. Prints a table; exit code
 * 1 when a kind does not hold.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '25' },
    steps: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
  },
});
const steps = Number(values.steps);
const until = performance.now() + 60_000 * Number(values.minutes);

const common = { steps, checkpointEvery: 1, grader: DRAWN };
const KINDS = {
  LoRA: recipe(common),
  'full fine-tuning': recipe({ ...common, trainable: { kind: 'full' } }),
  'warm start': recipe({ ...common, warmStart: { steps: 3, documentsPerStep: 2, gradingShare: 0 } }),
  'recorded teacher': recipe({ ...common, grader: { ...DRAWN, kind: 'teacher' } }),
  evaluation: recipe({ ...common, heldOutShare: 0.3, evaluation: { every: 1, prompts: 2, answers: 1 } }),
};

const root = mkdtempSync(join(tmpdir(), 'autodidact-crash-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
const at = (...path: string[]) => join(root, ...path);

async function prepare(): Promise<void> {
  mkdirSync(at('model'));
  for (const source of await asSources(tinyFolder(tinyConfig())))
    writeFileSync(at('model', source.name.split('/').at(-1)!), await source.read(0, source.size));
  const rows = Array.from({ length: 8 }, (_, id) => ({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content: `question ${id}` }],
    rubrics: [
      { criterion: 'says hello', points: 5, tags: [] },
      { criterion: 'is rude', points: -2, tags: [] },
    ],
    ideal_completions_data: { ideal_completion: 'hello world' },
  }));
  writeFileSync(at('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly seconds: number;
  readonly err: string;
}

/** One process of a run; killed `after` seconds unless it has ended by then. */
function train(config: string, out: string, more: readonly string[], after?: number): Promise<Ended> {
  const files = ['--model', at('model'), '--data', at('rows.jsonl'), '--config', config, '--out', out];
  const args = ['node_modules/.bin/vite-node', '--script', 'src/hosts/cli/main.ts', 'train', ...files, ...more];
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text) => (err += text));
    const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), 1000 * after);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === 'SIGKILL', seconds: (performance.now() - started) / 1000, err });
    });
  });
}

/** Whole lines of the log of steps. */
function stepsLogged(out: string): number {
  try {
    const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n').slice(0, -1);
    return Math.max(0, ...lines.map((line) => JSON.parse(line).step as number));
  } catch {
    return 0;
  }
}

/** What must be equal in the end: the last checkpoint's arrays, the answers, and the numbers but times. */
function outcome(out: string): string {
  const last = join(out, 'checkpoints', `step-${steps}`);
  const parts = ['trained.safetensors', 'optimizer', 'state.json'].map((name) =>
    readFileSync(join(last, name), 'base64'),
  );
  const answers = readdirSync(join(out, 'rollouts')).map((name) => readFileSync(join(out, 'rollouts', name), 'utf8'));
  const timeless = (_: string, value: unknown) => value;
  const numbers = readFileSync(join(out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Object.entries(JSON.parse(line)).filter(([key]) => !/time|tokens_per_second|throughput/.test(key)));
  return JSON.stringify([parts, answers, numbers], timeless);
}

await prepare();
let failed = false;
const table: string[] = [
  '| run | kills | resumed | steps lost beyond the one under way | ends bit-equal |',
  '|---|---|---|---|---|',
];
const perKind = Math.ceil(Number(values.kills) / Object.keys(KINDS).length);
for (const [kind, config] of Object.entries(KINDS)) {
  const file = at(`${kind}.json`);
  writeFileSync(file, JSON.stringify(config));
  const teacher = kind === 'recorded teacher' ? ['--teacher', at('teacher.jsonl')] : [];
  const folder = (name: string) => at(`${kind}-${name}`.replaceAll(' ', '-'));
  const whole = await train(file, folder('whole'), teacher);
  if (whole.code !== 0) throw new Error(`${kind}: ${whole.err}`);
  const expected = outcome(folder('whole'));
  if (kind === 'LoRA') {
    const rollouts = join(folder('whole'), 'rollouts');
    writeFileSync(
      at('teacher.jsonl'),
      readdirSync(rollouts)
        .map((name) => readFileSync(join(rollouts, name), 'utf8'))
        .join(''),
    );
  }
  const count = { kills: 0, resumed: 0, lost: 0, runs: 0, equal: 0 };
  while (count.kills < perKind && performance.now() < until) {
    const out = folder(String(count.runs));
    for (let resume = false, done = false; !done; ) {
      const draw = derive(Number(values.seed), kind, count.runs, count.kills) / 2 ** 32;
      const kill = count.kills < perKind && performance.now() < until;
      const before = stepsLogged(out);
      const ended = await train(
        file,
        out,
        [...teacher, ...(resume ? ['--resume'] : [])],
        kill ? draw * whole.seconds : undefined,
      );
      const from = /continuing after step (\d+)/.exec(ended.err);
      if (from) {
        count.resumed++;
        count.lost += Math.max(0, before - Number(from[1]) - 1);
      }
      if (!ended.killed && ended.code !== 0) throw new Error(`${kind}: ${ended.err}`);
      if (ended.killed) count.kills++;
      done = !ended.killed;
      resume = readdirSync(root).includes(out.split('/').at(-1)!) && readdirSync(out).includes('run.json');
    }
    count.runs++;
    if (outcome(out) === expected) count.equal++;
    rmSync(out, { recursive: true });
  }
  failed ||= count.lost > 0 || count.equal < count.runs;
  table.push(`| ${kind} | ${count.kills} | ${count.resumed} | ${count.lost} | ${count.equal} of ${count.runs} |`);
  process.stdout.write(`${table.at(-1)}\n`);
}
process.stdout.write(`\n${table.join('\n')}\n`);
process.exit(failed ? 1 : 0);
