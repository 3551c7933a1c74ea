import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asSources, tinyConfig, tinyFolder } from '../../src/formats/test/testModel';
import { DRAWN, recipe } from '../../src/lab/test/testGpuLab';
import { derive } from '../../src/random';
import { bundleLab } from './bundleLab';
import { startTrain } from './startTrain';

/**
 * Kills runs of the command line at random moments and resumes them: npm run crash -- --kills 1000. The moment is drawn
 * over the first records of each process: steps, those of a warm start, and their checks. Every kind of run must lose
 * no step but the current one, and end bit-equal to a run that was never killed. Prints a table; exit code 1 when a
 * kind does not hold.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    jobs: { type: 'string', default: '2' },
  },
});
const steps = Number(values.steps);
const until = performance.now() + 60_000 * Number(values.minutes);

const common = { steps, checkpointEvery: 1, grader: DRAWN };
const KINDS = {
  LoRA: recipe(common),
  'full fine-tuning': recipe({ ...common, trainable: { kind: 'full' } }),
  'warm start': recipe({ ...common, warmStart: { steps: 8, documentsPerStep: 2, gradingShare: 0 } }),
  'recorded teacher': recipe({ ...common, grader: { ...DRAWN, kind: 'teacher' } }),
  'evaluation in the run': recipe({ ...common, heldOutShare: 0.3, evaluation: { every: 1, prompts: 2, answers: 1 } }),
};
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

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
  for (const kind of kinds) writeFileSync(at(`${kind}.json`), JSON.stringify(KINDS[kind]));
}

const lab = await bundleLab();
process.once('exit', () => rmSync(lab));
await prepare();
const folder = (kind: Kind, name: string) => at(`${kind}-${name}`.replaceAll(' ', '-'));
const train = (kind: Kind, out: string, resume: boolean) => {
  const files = ['--model', at('model'), '--data', at('rows.jsonl'), '--config', at(`${kind}.json`), '--out', out];
  const teacher = kind === 'recorded teacher' ? ['--teacher', at('teacher.jsonl')] : [];
  return startTrain(lab, out, [...files, ...teacher, ...(resume ? ['--resume'] : [])]);
};

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
  const numbers = readFileSync(join(out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Object.entries(JSON.parse(line)).filter(([key]) => !/time|tokens_per_second|throughput/.test(key)));
  return JSON.stringify([parts, answers, numbers]);
}

interface Count {
  kills: number;
  resumed: number;
  lost: number;
  runs: number;
  equal: number;
}
/** Records that a process may make before it is killed: fewer make more kills of a run. */
const MOST_RECORDS = 6;

const whole = new Map<Kind, { recordSeconds: number; expected: string }>();
const counts = new Map<Kind, Count>(kinds.map((kind) => [kind, { kills: 0, resumed: 0, lost: 0, runs: 0, equal: 0 }]));

/** Of a run that is never killed: how long a record takes, and its outcome. */
async function measure(kind: Kind): Promise<void> {
  const out = folder(kind, 'whole');
  const { code, recordSeconds, err } = await train(kind, out, false).ended;
  if (code !== 0) throw new Error(`${kind}: ${err}`);
  whole.set(kind, { recordSeconds, expected: outcome(out) });
  if (kind !== 'LoRA') return;
  const rollouts = join(out, 'rollouts');
  const recorded = readdirSync(rollouts).map((name) => readFileSync(join(rollouts, name), 'utf8'));
  writeFileSync(at('teacher.jsonl'), recorded.join(''));
}

/** A run from its start to its end, killed again and again. */
async function tormented(kind: Kind, mostKills: number): Promise<void> {
  const { recordSeconds, expected } = whole.get(kind)!;
  const count = counts.get(kind)!;
  const out = folder(kind, String(count.runs));
  let resume = false;
  for (;;) {
    const before = stepsLogged(out);
    const process = train(kind, out, resume);
    const kill = count.kills < mostKills && performance.now() < until;
    if (kill) {
      const draw = (MOST_RECORDS * derive(Number(values.seed), kind, count.runs, count.kills)) / 2 ** 32;
      const records = 1 + Math.floor(draw);
      if (await process.recorded(records)) process.killAfter((draw % 1) * recordSeconds);
    }
    const { code, killed, err } = await process.ended;
    const from = /continuing after step (\d+)/.exec(err);
    if (from) {
      count.resumed++;
      count.lost += Math.max(0, before - Number(from[1]) - 1);
    }
    if (!killed && code !== 0) throw new Error(`${kind}: ${err}`);
    if (!killed) break;
    count.kills++;
    resume = true;
  }
  count.runs++;
  if (outcome(out) === expected) count.equal++;
  rmSync(out, { recursive: true });
}

const started = performance.now();
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
for (const kind of kinds) await measure(kind);
const perKind = Math.ceil(Number(values.kills) / kinds.length);
/** One kind after the other, in turns, so that a run that is out of time has some kills of each. */
const queue = [...kinds];
async function work(): Promise<void> {
  for (let kind = queue.shift(); kind; kind = queue.shift()) {
    await tormented(kind, perKind);
    if (counts.get(kind)!.kills < perKind && performance.now() < until) queue.push(kind);
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const rows = [...counts].map(
  ([kind, { kills, resumed, lost, runs, equal }]) =>
    `| ${kind} | ${kills} | ${resumed} | ${lost} | ${equal} of ${runs} |`,
);
const kills = [...counts.values()].reduce((sum, count) => sum + count.kills, 0);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
process.stdout.write(
  `| run | kills | resumed | steps lost beyond the current one | ends bit-equal |\n|---|---|---|---|---|\n${rows.join('\n')}\n\n${kills} kills in ${minutes} minutes, at commit ${commit}.\n`,
);
process.exit([...counts.values()].some(({ lost, equal, runs }) => lost > 0 || equal < runs) ? 1 : 0);
