import { Menu } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../domain/run';
import { formatBytes, formatNumber, formatWhen } from '../shell/format';
import { Icon } from '../shell/Icon';
import { deleteCheckpoint, exportRun } from './checkpointActions';
import styles from './checkpoints.module.css';
import { DeleteDialog } from './DeleteDialog';

interface Props {
  readonly run: RunSummary;
  readonly busy: boolean;
  readonly onContinue: (step: number) => void;
}

export function CheckpointTable({ run, busy, onContinue }: Props) {
  const [deleting, setDeleting] = useState<number | null>(null);
  if (run.checkpoints.length === 0) return <p className="soft small">No checkpoint yet.</p>;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">checkpoint</th>
            <th scope="col">reward</th>
            <th scope="col">saved</th>
            <th scope="col">size</th>
            <th scope="col">
              <span className="soft">actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {[...run.checkpoints].reverse().map(({ step, reward, savedAt, bytes, damaged }) => (
            <tr key={step}>
              <th scope="row" title={damaged}>
                step {step}
                {damaged !== undefined && ', damaged'}
              </th>
              <td>{formatNumber(reward)}</td>
              <td>{formatWhen(savedAt)}</td>
              <td>{formatBytes(bytes)}</td>
              <td>
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <button type="button" className="plain" aria-label={`Actions for the checkpoint of step ${step}`}>
                      <Icon name="more" />
                    </button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item disabled={busy || damaged !== undefined} onClick={() => onContinue(step)}>
                      Continue from here
                    </Menu.Item>
                    {run.config.trainable.kind === 'lora' && (
                      <Menu.Item onClick={() => exportRun(run.runId, 'adapter', step)}>Export adapter</Menu.Item>
                    )}
                    <Menu.Item onClick={() => exportRun(run.runId, 'merged', step)}>Export model</Menu.Item>
                    <Menu.Item color="red" onClick={() => setDeleting(step)}>
                      Delete…
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DeleteDialog
        opened={deleting !== null}
        title={`Delete the checkpoint of step ${deleting ?? ''}?`}
        text="The run keeps its metrics and answers."
        onClose={() => setDeleting(null)}
        onDelete={() => deleting !== null && deleteCheckpoint(run.runId, deleting)}
      />
    </>
  );
}
