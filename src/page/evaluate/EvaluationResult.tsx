import { Button } from '@mantine/core';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { formatCount, formatShare, plural } from '../shell/format';
import { ComparisonSection } from './ComparisonSection';
import styles from './evaluate.module.css';
import { closeEvaluation, exportEvaluation } from './evaluationActions';
import { HarmList } from './HarmList';
import { interval, number, score } from './numbers';
import { PairedAnswers } from './PairedAnswers';
import { ScoreTable } from './ScoreTable';
import { Tile } from './Tile';

type Saved = Extract<SavedEvaluation, { kind: 'evaluation' }>;

export function EvaluationResult({ saved }: { saved: Saved }) {
  const { evaluation, entry } = saved;
  const { about, overall, length, truth, ungraded, criteria, truncated, worstAtK } = evaluation;
  const worst = worstAtK.at(-1);
  return (
    <section className={styles.result} aria-label="Result">
      <div className={styles.head}>
        <h2 className={styles.title}>{about.model}</h2>
        <span className="soft small">
          {about.data} · {plural(evaluation.prompts, 'prompt')}, {plural(evaluation.answers, 'answer')}
        </span>
      </div>
      <p>
        Graded by <strong>{about.grader}</strong>. Don’t compare scores by different graders.
      </p>
      <div className={styles.tiles}>
        <Tile
          title="Score"
          value={score(overall.mean)}
          note={`95 %: ${interval(overall.interval)}, n = ${overall.n}`}
        />
        <Tile
          title="Answer length"
          value={number(length.mean)}
          note={`${length.unit}, median ${number(length.median)}`}
        />
        <Tile title="Harms" value={formatCount(evaluation.harms.length)} note="negative criteria met" />
        <Tile
          title="Ungraded"
          value={formatShare(ungraded / criteria)}
          note={`${ungraded} of ${plural(criteria, 'criterion', 'criteria')}`}
        />
        {truncated !== null && (
          <Tile
            title="Cut off"
            value={String(truncated)}
            note={`of ${plural(evaluation.answers, 'answer')}, at the length limit`}
          />
        )}
        {worst && worst.k > 1 && (
          <Tile title={`Worst of ${worst.k}`} value={score(worst.score)} note="expected score of the worst answer" />
        )}
        {truth && (
          <Tile
            title="True reward"
            value={score(truth.reward)}
            note={truth.agreement === null ? 'by checks' : `${formatShare(truth.agreement)} of verdicts match it`}
          />
        )}
      </div>
      <div className={styles.actions}>
        <Button size="compact-sm" onClick={() => exportEvaluation(entry.id, 'report')}>
          Save report
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => exportEvaluation(entry.id, 'json')}>
          Numbers (JSON)
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => exportEvaluation(entry.id, 'answers')}>
          Answers and grades (JSONL)
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => exportEvaluation(entry.id, 'simpleEvals')}>
          simple-evals layout
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={closeEvaluation}>
          Close
        </Button>
      </div>
      <ComparisonSection evaluation={evaluation} />
      <ScoreTable title="By theme" kinds={['theme']} evaluation={evaluation} />
      <ScoreTable title="By axis" kinds={['axis']} evaluation={evaluation} />
      <ScoreTable
        title="By other tags"
        kinds={['category', 'cluster', 'level', 'other']}
        evaluation={evaluation}
        folded
      />
      <HarmList harms={evaluation.harms} grader={about.grader} />
      <PairedAnswers saved={saved} />
    </section>
  );
}
