import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { ARCHITECTURES } from '../../domain/model';
import type { ModelReport } from '../../domain/reports';
import { refusalOf } from '../connection/asyncState';
import { runStore, selectLive } from '../run/runStore';
import { sortFiles } from '../shell/droppedFiles';
import { formatBytes, formatCount } from '../shell/format';
import { OpeningLine } from './OpeningLine';
import { PickFiles } from './PickFiles';
import { Refused } from './Refused';
import { SetupCard } from './SetupCard';
import styles from './setup.module.css';
import { openModel } from './setupActions';
import { type SetupState, setupStore } from './setupStore';

const selectModel = ({ model }: SetupState) => model;
const selectBuiltIn = ({ builtInModel }: SetupState) => builtInModel;

export function ModelCard() {
  const model = useStore(setupStore, selectModel);
  const builtIn = useStore(setupStore, selectBuiltIn);
  const busy = useStore(runStore, selectLive).name !== 'idle';
  const refusal = refusalOf(model);
  const openFiles = (files: File[]) => openModel({ kind: 'files', files: sortFiles(files).model });
  return (
    <SetupCard number={2} title="Model" state={model.state}>
      {model.state === 'opening' && <OpeningLine kind="openModel" label={model.label} />}
      {refusal && <Refused failure={refusal} />}
      {model.state === 'ready' && (
        <>
          <p className={styles.headline}>{model.value.name}</p>
          <p className={`${styles.facts} small`}>
            {formatCount(model.value.parameters)} parameters · {model.value.weightFormat} ·{' '}
            {formatBytes(model.value.bytes)} · {model.value.config.layers} layers · context of{' '}
            {model.value.config.contextLength.toLocaleString('en')} tokens
            {builtIn && ' · built for this page, runs on any device'}
          </p>
          {model.value.adapter && <AdapterLine adapter={model.value.adapter} />}
        </>
      )}
      <div className={styles.actions}>
        {(!builtIn || model.state === 'problem') && (
          <Button variant="default" size="compact-sm" disabled={busy} onClick={() => openModel({ kind: 'builtIn' })}>
            Built-in model
          </Button>
        )}
        <PickFiles label="Open folder…" folder disabled={busy} onPick={openFiles} />
        <PickFiles label="Open GGUF…" accept=".gguf" disabled={busy} onPick={openFiles} />
        <span className="soft small">
          or drop it anywhere · {Object.values(ARCHITECTURES).join(', ')} · a PEFT adapter is added to the open model
        </span>
      </div>
    </SetupCard>
  );
}

/** The adapter, and a warning when it names another model. */
function AdapterLine({ adapter: { rank, madeFor, sameName } }: { adapter: NonNullable<ModelReport['adapter']> }) {
  return (
    <p className={`${styles.facts} small`}>
      With an adapter of rank {rank}
      {madeFor !== null && ` made for ${madeFor}`}; it is merged into the weights.
      {!sameName && <strong> Its sizes match, but it names another model. Check that it is the right one.</strong>}
    </p>
  );
}
