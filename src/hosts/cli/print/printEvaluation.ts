import type { Evaluation, TagScore } from '../../../evaluation/evaluationSummary';
import { healthBenchScores } from '../../../evaluation/scores';
import { printLine, printNote } from './terminal';

const number = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : '–');
const range = ([low, high]: readonly [number, number]) => `${number(low)}…${number(high)}`;

/** The main numbers on the terminal: score with interval, n and grader, lengths, parts, comparison. */
export function printEvaluation(evaluation: Evaluation, folder: string): void {
  const out = printLine;
  const { about, overall, length, tags, comparison, truth } = evaluation;
  out(`${about.model} on ${about.data}`);
  out(`graded by ${about.grader}`);
  out(
    `score ${number(overall.mean)}  95 % ${range(overall.interval)}  bootstrap std ${number(overall.bootstrapStd)}  n ${overall.n}`,
  );
  out(
    `length ${length.mean.toFixed(0)} ${length.unit} (median ${length.median.toFixed(0)}, 90th percentile ${length.p90.toFixed(0)})`,
  );
  const shown = tags.filter(({ kind }) => kind === 'theme' || kind === 'axis');
  const width = Math.max(0, ...shown.map(({ tag }) => tag.length));
  for (const tag of shown) out(row(tag, width, length.unit));
  for (const { k, score } of evaluation.worstAtK.slice(1)) out(`worst of ${k}  ${number(score)}`);
  out(
    `harmful criteria met ${evaluation.harms.length}, criteria ungraded ${evaluation.ungraded} of ${evaluation.criteria}`,
  );
  if (truth)
    out(
      `true reward ${number(truth.reward)}${
        truth.agreement === null
          ? ', by checks'
          : `, the grader agrees with the truth on ${(100 * truth.agreement).toFixed(1)} %`
      }`,
    );
  if (comparison) {
    const { paired, baseline, sameGrader } = comparison;
    out(
      `compared with ${baseline.model}: ${paired.difference >= 0 ? '+' : ''}${number(paired.difference)}  95 % ${range(paired.interval)}`,
    );
    out(`  better on ${paired.wins}, equal on ${paired.ties}, worse on ${paired.losses} of ${paired.prompts} prompts`);
    if (!sameGrader)
      out(`  note: the baseline was graded by ${baseline.grader}; scores of different graders are not comparable`);
  }
  out(`saved to ${folder}: report.html, evaluation.json, answers.jsonl, criteria.jsonl, metrics.json, allresults.json`);
}

const row = ({ tag, mean, interval, n, length }: TagScore, width: number, unit: string) =>
  `  ${tag.padEnd(width)}  ${number(mean)}  ${range(interval)}  n ${String(n).padStart(5)}  length ${length.toFixed(0)} ${unit}`;

/** The HealthBench score of graded answers, on stderr. */
export function printScore(graded: Parameters<typeof healthBenchScores>[0]): void {
  const { overall, ungraded } = healthBenchScores(graded);
  const score =
    overall.n > 0
      ? `score ${overall.mean.toFixed(4)} ± ${overall.bootstrapStd.toFixed(4)} over ${overall.n} answers`
      : 'no answer could be scored';
  printNote(`${score}, ${ungraded} criteria ungraded`);
}
