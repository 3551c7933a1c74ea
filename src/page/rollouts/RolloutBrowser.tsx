import { useMemo, useRef, useState } from 'react';
import type { Ungraded } from '../../domain/reward';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { go } from '../shell/viewStore';
import { AnswerList } from './AnswerList';
import { AnswerView } from './AnswerView';
import { Conversation } from './Conversation';
import { FilterBar } from './FilterBar';
import { Rubric } from './Rubric';
import styles from './rollouts.module.css';
import { type FilterId, filterGroups, groupAnswers } from './rolloutView';
import { ShortcutsHelp } from './ShortcutsHelp';
import { Stepper } from './Stepper';
import { useRolloutKeys } from './useRolloutKeys';

interface Props {
  readonly runId: string | null;
  readonly step: number;
  readonly lastStep: number;
  readonly rollouts: readonly RolloutRecord[];
  readonly group: number;
  /** Null selects the best answer of the group. */
  readonly index: number | null;
  /** How the run counts ungraded criteria. */
  readonly ungraded: Ungraded;
}

export function RolloutBrowser({ runId, step, lastStep, rollouts, group, index, ungraded }: Props) {
  const [filter, setFilter] = useState<FilterId>('all');
  const [text, setText] = useState('');
  const [help, setHelp] = useState(false);
  // The example has no address, so its position is stored here.
  const [local, setLocal] = useState({ group, index });
  const search = useRef<HTMLInputElement>(null);
  const groups = useMemo(() => filterGroups(groupAnswers(rollouts), filter, text), [rollouts, filter, text]);
  const flat = useMemo(() => groups.flatMap(({ answers }) => answers), [groups]);

  const place = runId === null ? local : { group, index };
  const current = groups.find((candidate) => candidate.group === place.group) ?? groups[0];
  const selected = current?.answers.find((answer) => answer.index === place.index) ?? current?.answers[0];
  const at = selected ? flat.indexOf(selected) : -1;
  const groupAt = current ? groups.indexOf(current) : -1;

  const select = (answer: RolloutRecord | undefined) => {
    if (!answer) return;
    setLocal({ group: answer.group, index: answer.index });
    if (runId !== null)
      go({ page: 'rollouts', runId, step, group: answer.group, index: answer.index }, { replace: true });
  };
  const goToStep = (next: number) => {
    if (runId !== null && next >= 1 && next <= lastStep) {
      go({ page: 'rollouts', runId, step: next, group: 0, index: null }, { replace: true });
    }
  };
  useRolloutKeys({
    j: () => select(flat[at + 1]),
    k: () => select(flat[at - 1]),
    '[': () => goToStep(step - 1),
    ']': () => goToStep(step + 1),
    '/': () => search.current?.focus(),
    '?': () => setHelp(true),
  });

  return (
    <>
      <div className={styles.bar}>
        <Stepper
          what="step"
          label={`step ${step} of ${lastStep}`}
          onBack={step > 1 && runId !== null ? () => goToStep(step - 1) : null}
          onNext={step < lastStep && runId !== null ? () => goToStep(step + 1) : null}
        />
        <Stepper
          what="prompt"
          label={`prompt ${groupAt + 1} of ${groups.length}`}
          onBack={groupAt > 0 ? () => select(groups[groupAt - 1]?.answers[0]) : null}
          onNext={groupAt >= 0 && groupAt < groups.length - 1 ? () => select(groups[groupAt + 1]?.answers[0]) : null}
        />
        <FilterBar filter={filter} text={text} search={search} onFilter={setFilter} onText={setText} />
        <button type="button" className="link small" onClick={() => setHelp(true)}>
          Shortcuts
        </button>
      </div>
      {current && selected ? (
        <div className={styles.grid}>
          <div className={styles.column}>
            <Conversation answer={selected} />
            <AnswerView answer={selected} />
          </div>
          <div className={styles.column}>
            <AnswerList group={current} selected={selected} onSelect={select} />
            <Rubric answer={selected} ungraded={ungraded} />
          </div>
        </div>
      ) : (
        <p className="soft">No answers in this step match the filter.</p>
      )}
      <ShortcutsHelp opened={help} onClose={() => setHelp(false)} />
    </>
  );
}
