import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { type Opinion, opinionsCsv, opinionsJsonl, personAgreement } from '../../evaluation/review';
import { formatShare } from '../shell/format';
import { Help } from '../shell/Help';
import { saveFile } from '../shell/saveFile';
import styles from './review.module.css';

const NAMES = {
  all: 'All verdicts',
  met: 'Verdict “met”',
  notMet: 'Verdict “not met”',
  harm: 'Verdict “harm”',
} as const;

/** How often the person agrees, with its interval, and the opinions as files. */
export function AgreementTable({ opinions, name }: { opinions: ReadonlyMap<string, Opinion>; name: string }) {
  const all = useMemo(() => [...opinions.values()], [opinions]);
  const rows = useMemo(() => personAgreement(all), [all]);
  if (all.length === 0) return null;
  const save = (ending: 'jsonl' | 'csv', text: string, type: string) =>
    saveFile(`${name}-review.${ending}`, new Blob([text], { type }));
  return (
    <section className={styles.agreement} aria-label="Agreement">
      <div className={styles.agreementHead}>
        <h2>How often you agree</h2>
        <Help title="how often you agree">
          Among the verdicts that you reviewed and did not skip. The range is the 95 % Wilson interval: with few
          verdicts it is wide.
        </Help>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Reviewed</th>
            <th scope="col">You agree</th>
            <th scope="col">Range</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, n, share, interval: [low, high] }) => (
            <tr key={kind}>
              <th scope="row">{NAMES[kind]}</th>
              <td>{n}</td>
              <td>{n === 0 ? '–' : formatShare(share)}</td>
              <td>{n === 0 ? '–' : `${formatShare(low)} to ${formatShare(high)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={styles.buttons}>
        <Button variant="default" size="compact-sm" onClick={() => save('csv', opinionsCsv(all), 'text/csv')}>
          Save as table (CSV)
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => save('jsonl', opinionsJsonl(all), 'application/jsonl')}
        >
          Save as JSONL
        </Button>
      </div>
    </section>
  );
}
