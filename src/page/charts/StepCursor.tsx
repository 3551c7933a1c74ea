import { memo, type PointerEvent, useState } from 'react';
import { useStore } from 'zustand';
import { hover, selectHovered, viewStore } from '../shell/viewStore';
import styles from './charts.module.css';
import { HUES } from './hues';
import type { PlotArea } from './plotArea';
import { nearest, type Plot } from './plots';
import { readingsAt } from './readings';

interface Props {
  readonly plot: Plot;
  readonly area: PlotArea;
  /** The chart's id among those that show the same steps; null where it has steps of its own. */
  readonly id: string | null;
  readonly onOpen: ((step: number) => void) | undefined;
}

/**
 * The step that is pointed at: a line on every chart, and its numbers on the chart that has the pointer or the focus.
 * Not Recharts' own tooltip: a move of the pointer then renders the whole chart again, and with `syncId` every other.
 */
export const StepCursor = memo(function StepCursor({ plot, area, id, onOpen }: Props) {
  const linked = useStore(viewStore, selectHovered);
  const [own, setOwn] = useState<number | null>(null);
  const step = id === null ? own : (linked?.step ?? null);
  const row = step === null ? null : nearest(plot.steps, step);
  const stepUnder = ({ nativeEvent }: { nativeEvent: MouseEvent }): number | null => {
    const found = nearest(plot.steps, area.stepAt(nativeEvent.offsetX));
    return found === null ? null : plot.steps[found]!;
  };
  const point = (chosen: number | null) => {
    if (id === null) setOwn(chosen);
    else hover(chosen === null ? null : { step: chosen, by: id });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider around it is the keyboard's way
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same
    <div
      className={styles.cursor}
      onPointerMove={(event: PointerEvent) => point(stepUnder(event))}
      onPointerLeave={() => point(null)}
      onClick={
        onOpen &&
        ((event) => {
          const clicked = stepUnder(event);
          if (clicked !== null) onOpen(clicked);
        })
      }
    >
      {row !== null && <Cursor plot={plot} area={area} row={row} named={id === null || linked?.by === id} />}
    </div>
  );
});

interface CursorProps extends Pick<Props, 'plot' | 'area'> {
  readonly row: number;
  /** With its numbers. */
  readonly named: boolean;
}

function Cursor({ plot, area, row, named }: CursorProps) {
  const step = plot.steps[row]!;
  const x = area.x(step);
  const line = (
    <div
      className={styles.cursorLine}
      style={{ transform: `translateX(${x}px)`, top: area.top, height: area.height }}
    />
  );
  if (!named) return line;
  const onLeft = x > area.left + area.width / 2;
  return (
    <>
      {line}
      {!plot.stacked &&
        plot.lines.map(({ label, hue, raw }) => {
          const value = raw[row] ?? null;
          if (value === null) return null;
          const transform = `translate(${x}px, ${area.y(value)}px)`;
          return <div key={label} className={styles.cursorDot} style={{ transform, background: HUES[hue] }} />;
        })}
      <div
        className={styles.readings}
        style={{ top: area.top, ...(onLeft ? { right: `calc(100% - ${x - 10}px)` } : { left: x + 10 }) }}
      >
        <div>step {step}</div>
        {readingsAt(plot, row).map(({ label, text }) => (
          <div key={label}>
            {label} {text}
          </div>
        ))}
      </div>
    </>
  );
}
