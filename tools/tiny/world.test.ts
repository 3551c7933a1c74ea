import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFile } from '../../src/data/parse';
import { ACTS, type ActName, performs } from '../../src/data/syntheticWorld';
import { trueReward } from '../../src/data/truth';
import { rubricReward } from '../../src/domain/reward';
import { mean } from '../../src/domain/statistics';
import { givenAnswer } from '../../src/rl/evaluate';
import { drawAnswer, idealAnswer } from './answer';
import { Draw } from './draw';
import { worldGrader } from './experiment/worldGrader';
import { sampleRow, sampleSituations } from './rows';
import { FILLERS, SENTENCES } from './sentences';

const acts = Object.keys(ACTS) as ActName[];

test('every sentence performs its own act and no other', () => {
  for (const [own, sentences] of Object.entries(SENTENCES)) {
    for (const sentence of sentences) {
      expect({ sentence, acts: acts.filter((act) => performs(ACTS[act], sentence)) }).toEqual({
        sentence,
        acts: [own],
      });
    }
  }
  for (const filler of FILLERS) expect(acts.filter((act) => performs(ACTS[act], filler))).toEqual([]);
});

test('criteria have different words', () => {
  expect(new Set(Object.values(ACTS).map(({ criterion }) => criterion)).size).toBe(acts.length);
});

test('held-out prompts are not in the training part, and every rubric can be fully met', () => {
  const { train, heldOut } = sampleSituations();
  const seen = new Set(train.map(({ message }) => message));
  expect(heldOut.some(({ message }) => seen.has(message))).toBe(false);
  for (const situation of [...train, ...heldOut]) {
    const names = situation.rubric.map(([act]) => act);
    expect(new Set(names).size, situation.message).toBe(names.length);
    expect(trueReward(exampleOf(situation), idealAnswer(situation))).toBeCloseTo(1, 12);
  }
});

test('answers of mixed quality leave room', () => {
  const draw = new Draw(7);
  const { train } = sampleSituations();
  const rewards = train.flatMap((s) => Array.from({ length: 8 }, () => trueReward(exampleOf(s), drawAnswer(s, draw))!));
  expect(mean(rewards)).toBeGreaterThan(0.15);
  expect(mean(rewards)).toBeLessThan(0.45);
});

function exampleOf(situation: Parameters<typeof sampleRow>[0]) {
  const row = sampleRow(situation);
  return {
    promptId: row.prompt_id,
    prompt: [],
    rubrics: row.rubrics,
    exampleTags: row.example_tags,
    idealCompletion: null,
  };
}

test('the sample holds these rows, each with an ideal answer of which every sentence is met', async () => {
  const { train, heldOut } = sampleSituations();
  for (const [name, situations] of [
    ['triage', train],
    ['triage-heldout', heldOut],
  ] as const) {
    const text = readFileSync(`public/sample/${name}.jsonl`, 'utf8');
    expect(text).toBe(situations.map((situation) => `${JSON.stringify(sampleRow(situation))}\n`).join(''));
    const { examples, problems } = await parseFile(name, chunks(text));
    expect([examples.length, problems]).toEqual([situations.length, []]);
    const grades = await worldGrader.grade(
      examples.map(({ example }, i) => givenAnswer(example, example.idealCompletion!, i)),
      { seed: 1 },
    );
    for (const [i, { example }] of examples.entries())
      expect(rubricReward(example.rubrics, grades[i]!, 'leftOut'), example.idealCompletion!).toBe(1);
  }
});

async function* chunks(text: string) {
  yield text;
}
