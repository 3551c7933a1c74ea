import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAILURES, SETS_IN } from '../../tools/diagnosis/failures';
import { METRICS, type StepMetrics } from '../domain/metrics/metrics';
import { PRESETS } from '../domain/recipe/presets';
import { recipeSchema } from '../domain/recipe/recipe';
import { diagnose } from './diagnose';
import type { Finding, FindingId } from './finding';

const FOLDER = 'src/diagnosis/fixtures';
const EMPTY = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));
const DEMO = PRESETS.find(({ id }) => id === 'demo')!.config;

/** A log of the built-in model in training, as tools/diagnosis/record.ts wrote it. */
const log = (path: string): StepMetrics[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ ...EMPTY, ...JSON.parse(line) }));

const examined = (name: string): Finding[] =>
  diagnose(log(`${FOLDER}/${name}.jsonl`), recipeSchema.parse({ ...DEMO, ...FAILURES[name]!.config }));

const withConsequences = (findings: readonly Finding[]): Finding[] =>
  findings.flatMap((finding) => [finding, ...finding.consequences]);

describe('the diagnosis of recorded runs', () => {
  it('has a log of each way to fail', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(
      Object.keys(FAILURES)
        .map((name) => `${name}.jsonl`)
        .sort(),
    );
  });

  it('has nothing to say of the demo, at any step of it', () => {
    const clean = log(`${FOLDER}/clean.jsonl`);
    expect(clean).toHaveLength(60);
    const config = recipeSchema.parse({ ...DEMO, ...FAILURES.clean!.config });
    for (let steps = 0; steps <= clean.length; steps++) expect(diagnose(clean.slice(0, steps), config)).toEqual([]);
  });

  it('has nothing against completeness that rises while accuracy holds', () => {
    expect(examined('presence')).toEqual([]);
  });

  // What must be found, and between which steps it must be said to have begun. The flaw is there from the step in the
  // comment, or from the first.
  it.each<[string, FindingId, number, number]>([
    ['planted', 'phrase', 17, 24], // 10; in a fifth of answers at steps 18 to 21
    ['planted', 'hacking', 15, 24],
    ['lenient', 'verdictCollapse', 8, 12], // 10
    ['lenient', 'axes', 8, 14],
    ['cached', 'equalGroups', 7, 7], // 7
    ['stale', 'logprobs', 9, 9], // 9
    ['cold', 'alike', 1, 1],
    ['tooFast', 'nothingMet', 5, 15],
    ['longer', 'length', 6, 14],
    ['shorter', 'shortAnswers', 5, 9],
    ['cutOff', 'cutOff', 1, 1],
    ['pleading', 'speaksToGrader', 6, 6], // 6
    ['confident', 'entropy', 15, 23],
    ['confident', 'repetition', 7, 14],
    ['noisy', 'noise', 9, 15],
    ['drift', 'kl', 4, 12],
    ['json', 'ungraded', 1, 1],
    ['coinToss', 'unsteady', 1, 1],
  ])('%s: %s', (name, id, earliest, latest) => {
    const all = withConsequences(examined(name));
    const found = all.find((finding) => finding.id === id);
    expect(found).toBeDefined();
    expect(found!.step).toBeGreaterThanOrEqual(earliest);
    expect(found!.step).toBeLessThanOrEqual(latest);
  });

  it.each(Object.entries(SETS_IN))('has nothing to say of %s before the flaw sets in at step %i', (name, step) => {
    const before = log(`${FOLDER}/${name}.jsonl`).slice(0, step - 1);
    for (let steps = 0; steps <= before.length; steps++) expect(diagnose(before.slice(0, steps))).toEqual([]);
  });

  it('does not blame the grader for answers that a learning rate 30 times too high has broken', () => {
    const [worst, ...others] = examined('tooFast');
    expect(worst).toMatchObject({ id: 'nothingMet', level: 'problem' });
    expect(worst!.title).toContain('the grader is right');
    expect(worst!.tries).toContain('Lower the learning rate');
    const blamed: readonly FindingId[] = ['verdictCollapse', 'leniency', 'controls', 'hacking'];
    expect([worst!, ...others].filter(({ id }) => blamed.includes(id))).toEqual([]);
  });

  it('says since when a planted phrase has paid, ten steps before it has spread', () => {
    const phrase = examined('planted').find(({ id }) => id === 'phrase')!;
    expect(phrase.title).toContain('“i hope this helps” is in 100 % of answers');
    // Planted at step 10; answers to two prompts had it for the first time in step 11.
    expect(phrase.cause).toContain('since step 11:');
  });
});

// In each, the phrase is in 6 to 28 % of answers until step 11, and in 31 % and more from step 13 or 15 on.
it.each([1, 2, 3])(
  'finds the phrase that was planted in the grader of recorded run %i, and when the answers took it up',
  (seed) => {
    const [worst] = diagnose(log(`docs/experiments/planted-${seed}.jsonl`));
    expect(worst).toMatchObject({ id: 'phrase', level: 'problem' });
    expect(worst!.title).toMatch(/^“i hope this helps” is in (99|100) % of answers \(at most 1\d % at first\)/);
    expect(worst!.step).toBeGreaterThanOrEqual(11);
    expect(worst!.step).toBeLessThanOrEqual(15);
    expect(worst!.cause).toMatch(/since step \d+:/);
  },
);
