import { Menu } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import { METRIC_KEYS } from '../../domain/metrics/metricsCsv';
import { Help } from '../shell/Help';
import { Icon } from '../shell/Icon';
import { saveFile } from '../shell/saveFile';
import { ChartTable } from './ChartTable';
import { chartPicture } from './chartPicture';
import styles from './charts.module.css';
import { csvFile } from './csvFile';

interface Props {
  readonly title: string;
  readonly keys: readonly MetricKey[];
  readonly metrics: readonly StepMetrics[];
  readonly readout?: ReactNode;
  readonly legend?: ReactNode;
  readonly children: ReactNode;
}

/** A chart with its title, the source of its numbers, and a table of them. */
export function ChartCard({ title, keys, metrics, readout, legend, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  const shown = keys.filter((key) => metrics.some((row) => row[key] !== null));
  const card = useRef<HTMLElement>(null);
  const fileName = title.toLowerCase().replaceAll(' ', '-');
  const savePicture = async () => {
    const picture = card.current && (await chartPicture(card.current, title));
    if (picture) saveFile(`${fileName}.png`, picture);
  };
  const save = async (columns: readonly MetricKey[], name: string) =>
    saveFile(`${name}.csv`, await csvFile(metrics, columns));
  return (
    <section ref={card} className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <Help title={title}>
          {shown.map((key) => (
            <p key={key} style={{ marginBottom: 8 }}>
              <strong>{METRICS[key].title}</strong> <span className="mono soft">{key}</span>
              <br />
              {METRICS[key].help}
            </p>
          ))}
        </Help>
        <span className={`${styles.key} mono soft`}>{keys[0]}</span>
        {readout}
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <button type="button" className={`plain ${styles.menu}`} aria-label={`More about ${title}`}>
              <Icon name="more" />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsTable(!asTable)}>{asTable ? 'Show chart' : 'Show table'}</Menu.Item>
            <Menu.Item onClick={() => save(keys, fileName)}>Download chart data (CSV)</Menu.Item>
            {!asTable && <Menu.Item onClick={savePicture}>Download image (PNG)</Menu.Item>}
            <Menu.Item onClick={() => save(METRIC_KEYS, 'metrics')}>Download all metrics (CSV)</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {asTable ? <ChartTable metrics={metrics} keys={shown} /> : children}
      {legend}
    </section>
  );
}
