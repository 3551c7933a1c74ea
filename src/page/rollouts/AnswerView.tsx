import type { RolloutRecord } from '../../domain/rolloutRecord';
import { formatNumber } from '../shell/format';
import { FINISH } from './AnswerRow';
import styles from './rollouts.module.css';
import { SafeMarkdown } from './SafeMarkdown';

export function AnswerView({ answer }: { answer: RolloutRecord }) {
  return (
    <section className={styles.panel} aria-label="Answer">
      <div className={styles.panelHead}>
        <h2>Answer #{answer.index + 1}</h2>
        <span className="soft small tabular">
          reward {formatNumber(answer.reward)}
          {answer.trueReward !== null && ` · true reward ${formatNumber(answer.trueReward)}`} ·{' '}
          {answer.completionTokens} tokens, {FINISH[answer.finish]} · mean logprob {formatNumber(answer.meanLogprob)}
        </span>
      </div>
      {answer.completion.trim() === '' ? (
        <p className="soft">The model ended its answer without writing anything.</p>
      ) : (
        <SafeMarkdown text={answer.completion} />
      )}
    </section>
  );
}
