import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SavedModelReport } from '../../domain/reports';
import { runStore, selectRuns } from '../run/runStore';
import { formatBytes, formatWhen } from '../shell/format';
import { deleteModel, listModels } from './checkpointActions';
import styles from './checkpoints.module.css';
import { DeleteDialog } from './DeleteDialog';
import { savedModelStore } from './savedModelStore';

/** Copies of the models of runs: their size, and the runs that need them to continue. */
export function SavedModels() {
  const models = useStore(savedModelStore, ({ models }) => models);
  const runs = useStore(runStore, selectRuns);
  const [deleting, setDeleting] = useState<SavedModelReport | null>(null);
  useEffect(listModels, []);
  if (models === null || models.length === 0) return null;
  const neededBy = (id: string) => (runs ?? []).filter(({ modelId }) => modelId === id).map(({ name }) => name);
  return (
    <section className={styles.run} aria-label="Saved models">
      <div className={styles.head}>
        <h2>Saved models</h2>
        <span className="soft small">
          Copies of the model files that you opened, so that runs can continue after a reload.
        </span>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">model</th>
            <th scope="col">size</th>
            <th scope="col">saved</th>
            <th scope="col">needed by</th>
            <th scope="col">
              <span className="soft">actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <th scope="row">{model.name}</th>
              <td>{formatBytes(model.bytes)}</td>
              <td>{formatWhen(model.savedAt)}</td>
              <td>{neededBy(model.id).join(', ') || 'no run'}</td>
              <td>
                {model.inUse ? (
                  <span className="soft">open now</span>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={`Delete the copy of ${model.name}`}
                    onClick={() => setDeleting(model)}
                  >
                    Delete…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DeleteDialog
        opened={deleting !== null}
        title={`Delete the copy of ${deleting?.name ?? ''}?`}
        text="Your own files stay. Runs with this model stay too, and ask for the files when you continue or export them."
        onClose={() => setDeleting(null)}
        onDelete={() => deleting && deleteModel(deleting.id)}
      />
    </section>
  );
}
