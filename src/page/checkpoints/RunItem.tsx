import { Button } from '@mantine/core';
import { useState } from 'react';
import { newestCheckpoint, type RunSummary } from '../../domain/run';
import { continueRun, saveCheckpoint, showRun } from '../run/runActions';
import { formatNumber, formatWhen } from '../shell/format';
import { go } from '../shell/viewStore';
import { CheckpointTable } from './CheckpointTable';
import { deleteRun } from './checkpointActions';
import styles from './checkpoints.module.css';
import { DeleteDialog } from './DeleteDialog';
import { ExportMenu } from './ExportMenu';

const WORDS = {
  running: 'running',
  paused: 'paused',
  stopped: 'stopped, can continue',
  finished: 'finished',
  interrupted: 'interrupted, can continue',
  diskFull: 'stopped: disk full, can continue',
  failed: 'failed',
} as const;

interface Props {
  readonly run: RunSummary;
  readonly live: boolean;
  /** A run is in progress. */
  readonly busy: boolean;
}

export function RunItem({ run, live, busy }: Props) {
  const [deleting, setDeleting] = useState(false);
  const newest = newestCheckpoint(run);
  const goOn = (step: number) => {
    continueRun(run, step);
    go({ page: 'train' });
  };
  const look = () => {
    showRun(run.runId);
    go({ page: 'train' });
  };
  return (
    <section className={styles.run} aria-label={run.name}>
      <div className={styles.head}>
        <h2>{run.name}</h2>
        <span>{WORDS[run.status]}</span>
        <span className="soft small tabular">
          {run.modelName} on {run.dataName} · step {run.step} of {run.steps} · reward {formatNumber(run.lastReward)} ·{' '}
          {formatWhen(run.startedAt)}
        </span>
      </div>
      <div className={styles.actions}>
        <Button size="compact-sm" variant="default" onClick={look}>
          Show
        </Button>
        {live ? (
          <Button size="compact-sm" variant="default" onClick={saveCheckpoint}>
            Save checkpoint
          </Button>
        ) : (
          run.status !== 'finished' && (
            <Button size="compact-sm" disabled={busy} onClick={() => goOn(newest?.step ?? 0)}>
              Continue from step {newest?.step ?? 0}
            </Button>
          )
        )}
        <ExportMenu run={run} />
        {!live && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setDeleting(true)}>
            Delete…
          </Button>
        )}
      </div>
      <CheckpointTable run={run} busy={busy} onContinue={goOn} />
      <DeleteDialog
        opened={deleting}
        title={`Delete ${run.name}?`}
        text="Deletes its checkpoints, metrics and answers from this browser. This cannot be undone."
        onClose={() => setDeleting(false)}
        onDelete={() => deleteRun(run.runId)}
      />
    </section>
  );
}
