import { Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { KIND_NAMES } from '../../../data/fileKind';
import { NO_FILTER } from '../../../domain/filter';
import { refusalOf } from '../../connection/asyncState';
import { runStore, selectLive } from '../../run/runStore';
import { plural } from '../../shell/format';
import { OpeningLine } from '../OpeningLine';
import { PickFiles } from '../PickFiles';
import { Refused } from '../Refused';
import { SetupCard } from '../SetupCard';
import styles from '../setup.module.css';
import { openData } from '../setupActions';
import { type SetupState, setupStore } from '../setupStore';
import { ColumnMapping } from './ColumnMapping';
import { DataChanges } from './DataChanges';
import { DataFilter } from './DataFilter';
import { DataPreview } from './DataPreview';
import { DataProblems } from './DataProblems';
import { changeFilter, filterFacts } from './dataFilter';

const selectData = ({ data }: SetupState) => data;
const selectFiles = ({ dataFiles }: SetupState) => dataFiles;
const selectBuiltIn = ({ builtInData }: SetupState) => builtInData;

type Opened = 'problems' | 'changes' | 'preview' | 'filter';

export function DataCard() {
  const data = useStore(setupStore, selectData);
  const builtIn = useStore(setupStore, selectBuiltIn);
  const dataFiles = useStore(setupStore, selectFiles);
  const busy = useStore(runStore, selectLive).name !== 'idle';
  const [open, setOpen] = useState<Opened | null>(null);
  const refusal = refusalOf(data);
  const facts = data.state === 'ready' ? filterFacts(data.value) : null;
  const toggle = (what: Opened) => setOpen(open === what ? null : what);
  return (
    <SetupCard number={3} title="Data" state={data.state}>
      {data.state === 'opening' && <OpeningLine kind="openData" label={data.label} />}
      {refusal && <Refused failure={refusal} />}
      {refusal?.kind === 'badData' && dataFiles.length > 0 && <ColumnMapping files={dataFiles} />}
      {data.state === 'ready' && (
        <>
          <p className={styles.headline}>{data.value.name}</p>
          <p className={`${styles.facts} small`}>
            {KIND_NAMES[data.value.kind]} · {plural(data.value.good, 'prompt')} ·{' '}
            {plural(data.value.criteria, 'criterion', 'criteria')}, {data.value.negativeCriteria.toLocaleString('en')}{' '}
            negative · {data.value.split.train.toLocaleString('en')} for training,{' '}
            {data.value.split.heldOut.toLocaleString('en')} held out ({data.value.split.how})
          </p>
          {facts && (
            <p className={`${styles.facts} small`}>
              {facts} ·{' '}
              <button type="button" className="link" onClick={() => changeFilter(NO_FILTER)}>
                clear
              </button>
            </p>
          )}
          <div className={styles.actions}>
            {data.value.problems.length > 0 && (
              <button
                type="button"
                className="link small"
                aria-expanded={open === 'problems'}
                onClick={() => toggle('problems')}
              >
                {plural(data.value.problems.length, 'row')} skipped: see why
              </button>
            )}
            {data.value.changes.length > 0 && (
              <button
                type="button"
                className="link small"
                aria-expanded={open === 'changes'}
                onClick={() => toggle('changes')}
              >
                {open === 'changes' ? 'Hide what reading changed' : 'What reading changed'}
              </button>
            )}
            <button
              type="button"
              className="link small"
              aria-expanded={open === 'preview'}
              onClick={() => toggle('preview')}
            >
              {open === 'preview' ? 'Hide preview' : 'Preview'}
            </button>
            <button
              type="button"
              className="link small"
              aria-expanded={open === 'filter'}
              onClick={() => toggle('filter')}
            >
              {open === 'filter' ? 'Hide filter' : 'Filter'}
            </button>
          </div>
          {open === 'filter' && <DataFilter report={data.value} />}
          {open === 'changes' && <DataChanges changes={data.value.changes} />}
          {open === 'problems' && <DataProblems problems={data.value.problems} />}
          {open === 'preview' && <DataPreview report={data.value} />}
        </>
      )}
      <div className={styles.actions}>
        {(!builtIn || data.state === 'problem') && (
          <Button variant="default" size="compact-sm" disabled={busy} onClick={() => openData({ kind: 'builtIn' })}>
            Built-in sample
          </Button>
        )}
        <PickFiles
          label="Open data…"
          accept=".jsonl,.ndjson"
          multiple
          disabled={busy}
          onPick={(files) => openData({ kind: 'files', files })}
        />
        <span className="soft small">
          or drop it anywhere · HealthBench JSONL; open full and hard together for an easy/hard split
        </span>
      </div>
    </SetupCard>
  );
}
