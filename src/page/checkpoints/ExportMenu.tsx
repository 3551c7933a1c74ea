import { Button, Menu } from '@mantine/core';
import { newestCheckpoint, type RunSummary } from '../../domain/run';
import type { ExportKind } from '../../protocol/requests';
import { Icon } from '../shell/Icon';
import { exportRun } from './checkpointActions';

const KINDS: readonly { kind: ExportKind; title: string; help: string; needsCheckpoint: boolean }[] = [
  { kind: 'adapter', title: 'Adapter', help: 'What was learned, in PEFT layout (zip)', needsCheckpoint: true },
  { kind: 'merged', title: 'Whole model', help: 'A Hugging Face folder (zip)', needsCheckpoint: true },
  { kind: 'metricsCsv', title: 'Metrics, CSV', help: 'One row a step, for spreadsheets', needsCheckpoint: false },
  { kind: 'metricsJsonl', title: 'Metrics, JSONL', help: 'One line a step, for programs', needsCheckpoint: false },
  { kind: 'rollouts', title: 'Answers and grades, JSONL', help: 'Every answer of every step', needsCheckpoint: false },
  {
    kind: 'data',
    title: 'Questions and rubrics, JSONL',
    help: 'As trained on, written rubrics included: edit it and open it as data',
    needsCheckpoint: false,
  },
  {
    kind: 'everything',
    title: 'Everything',
    help: 'All of it, the configuration and your review (zip)',
    needsCheckpoint: true,
  },
];

/** Of the newest checkpoint; the table below has the others. A run of all weights has no adapter. */
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
