/**
 * What an answer scores that never looks at the prompt: `vite-node --script tools/tiny/experiment/constantAnswer.ts
 * [--sentences 8] [--out FILE]`. The sentence that raises the mean true reward of the training prompts most is added,
 * up to so many; the held-out prompts then tell. A trained model must be compared with this.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseRow } from '../../../src/data/row';
import { trueReward } from '../../../src/data/truth';
import type { Example } from '../../../src/domain/example';
import { mean } from '../../../src/domain/statistics';
import { SENTENCES } from '../sentences';

const { values } = parseArgs({ options: { sentences: { type: 'string', default: '8' }, out: { type: 'string' } } });

const examplesOf = (file: string): Example[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const row = parseRow(line);
      if (row.kind !== 'example') throw new Error(`${file} has a row that is no example`);
      return row.example;
    });
const train = examplesOf('public/sample/triage.jsonl');
const heldOut = examplesOf('public/sample/triage-heldout.jsonl');
const score = (examples: readonly Example[], answer: string) =>
  mean(examples.map((example) => trueReward(example, answer) ?? 0));

const chosen: { sentence: string; train: number; heldOut: number }[] = [];
for (let answer = ''; chosen.length < Number(values.sentences); ) {
  const before = answer === '' ? 0 : score(train, answer);
  const candidates = Object.values(SENTENCES)
    .flat()
    .map((sentence) => ({ sentence, reward: score(train, `${answer} ${sentence}`.trim()) }));
  const best = candidates.reduce((a, b) => (b.reward > a.reward ? b : a));
  if (best.reward <= before) break; // no sentence helps any more
  answer = `${answer} ${best.sentence}`.trim();
  chosen.push({ sentence: best.sentence, train: best.reward, heldOut: score(heldOut, answer) });
}
const result = { prompts: { train: train.length, heldOut: heldOut.length }, sentences: chosen };
console.log(JSON.stringify(result, null, 2));
if (values.out) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
