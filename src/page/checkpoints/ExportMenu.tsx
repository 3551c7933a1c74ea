import { Button, Menu } from '@mantine/core';
import { newestCheckpoint, type RunSummary } from '../../domain/run';
import type { ExportKind } from '../../protocol/requests';
import { Icon } from '../shell/Icon';
import { exportRun } from './checkpointActions';

const KINDS: readonly { kind: ExportKind; title: string; help: string; needsCheckpoint: boolean }[] = [
  { kind: 'adapter', title: 'Adapter', help: 'The trained adapter in PEFT layout (zip)', needsCheckpoint: true },
  { kind: 'merged', title: 'Model', help: 'Hugging Face folder, adapter merged (zip)', needsCheckpoint: true },
  { kind: 'metricsCsv', title: 'Metrics (CSV)', help: 'One row per step, for spreadsheets', needsCheckpoint: false },
  { kind: 'metricsJsonl', title: 'Metrics (JSONL)', help: 'One line per step, for programs', needsCheckpoint: false },
  { kind: 'rollouts', title: 'Answers and grades (JSONL)', help: 'Every answer of every step', needsCheckpoint: false },
  {
    kind: 'data',
    title: 'Prompts and rubrics (JSONL)',
    help: 'The training data with written rubrics; edit it and open it as data',
    needsCheckpoint: false,
  },
  {
    kind: 'everything',
    title: 'Everything',
    help: 'All of the above, the recipe and your review (zip)',
    needsCheckpoint: true,
  },
];

/** Exports the newest checkpoint; the table below has the others. A run that trains all weights has no adapter. */
export function ExportMenu({ run }: { run: RunSummary }) {
  const newest = newestCheckpoint(run);
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<Icon name="download" size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.filter(({ kind }) => kind !== 'adapter' || run.config.trainable.kind === 'lora').map(
          ({ kind, title, help, needsCheckpoint }) => (
            <Menu.Item
              key={kind}
              disabled={needsCheckpoint && !newest}
              onClick={() => exportRun(run.runId, kind, needsCheckpoint ? newest?.step : undefined)}
            >
              {title}
              <div className="soft small">{help}</div>
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
