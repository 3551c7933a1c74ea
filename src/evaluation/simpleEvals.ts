import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Evaluation } from './evaluationSummary';
import type { Score } from './scores';
import { scoreOf } from './scores';

/**
 * simple-evals' metrics: for each name the clipped mean, `:n_samples` and `:bootstrap_std` (healthbench_eval.py,
 * _aggregate_get_clipped_mean).
 */
export function simpleEvalsMetrics({
  overall,
  tags,
}: Pick<Evaluation, 'overall' | 'tags'>): Record<string, number | null> {
  const named: [string, Score][] = [
    ['overall_score', overall],
    ...tags.map((score) => [score.tag, score] as [string, Score]),
  ];
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  const entries = [...named, ['score', overall] as const].flatMap(([name, { mean, n, bootstrapStd }]) => [
    [name, known(mean)] as const,
    [`${name}:n_samples`, n] as const,
    [`${name}:bootstrap_std`, known(bootstrapStd)] as const,
  ]);
  return Object.fromEntries(entries);
}

/**
 * The whole of simple-evals' `…_allresults.json`: score, metrics, htmls, convos and example-level metadata. An ungraded
 * criterion, which that code never has (it asks until it can read the reply), is null. `html` renders one answer.
 */
export async function allResults(
  evaluation: Pick<Evaluation, 'overall' | 'tags'>,
  answers: readonly EvaluatedAnswer[],
  html: (answer: EvaluatedAnswer) => string,
): Promise<object> {
  const { score, ...metrics } = simpleEvalsMetrics(evaluation);
  const metadata = [];
  for (const answer of answers) metadata.push(await exampleMetadata(answer));
  return {
    score,
    metrics,
    htmls: answers.map(html),
    convos: answers.map(({ example, completion }) => [...example.prompt, { role: 'assistant', content: completion }]),
    metadata: { example_level_metadata: metadata },
  };
}

async function exampleMetadata(answer: EvaluatedAnswer): Promise<object> {
  const { example, completion, grade, tokens } = answer;
  return {
    score: scoreOf(answer),
    usage: {
      input_tokens: null,
      input_cached_tokens: null,
      output_tokens: tokens,
      output_reasoning_tokens: null,
      total_tokens: null,
    },
    rubric_items: example.rubrics.map(({ criterion, points, tags }, c) => {
      const { verdict, explanation } = grade[c]!;
      return { criterion, points, tags, criteria_met: verdict === 'ungraded' ? null : verdict === 'met', explanation };
    }),
    prompt: example.prompt,
    completion: [{ role: 'assistant', content: completion }],
    prompt_id: example.promptId,
    completion_id: await sha256(example.promptId + completion),
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
