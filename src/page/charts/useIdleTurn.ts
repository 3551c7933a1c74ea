import { useElementSize, useIntersection, useMergedRef } from '@mantine/hooks';
import { useEffect, useId, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { leaveTurn, takeTurn } from './idleQueue';

/** Charts this far outside the window are drawn already, so that scrolling finds them there. */
const NEAR = '200px';

/** How much of a chart is there: its numbers, grid, axes, areas, lines. Each part includes those before it. */
export const PARTS = { numbers: 1, grid: 2, axes: 3, areas: 4, lines: 5 } as const;

/** The last part that any chart has drawn. */
let known = 0;

/**
 * What a chart draws, and how wide: the newest of `data` and of its place's width as of the chart's last turn, null
 * before the first. A chart that is not near the window waits until it is. `ref` goes to the chart's place on the page.
 * The first chart on the page takes a turn for each part: there the browser meets the code of the chart library, which
 * takes longer than the drawing.
 */
export function useIdleTurn<T>(data: T) {
  const id = useId();
  const { ref: sized, width } = useElementSize();
  const { ref: watched, entry } = useIntersection({ rootMargin: NEAR });
  const ref = useMergedRef(sized, watched);
  const near = (entry?.isIntersecting ?? false) && width > 0;
  const wanted = useMemo(() => ({ data, width }), [data, width]);
  const [drawn, setDrawn] = useState<{ of: typeof wanted; parts: number } | null>(null);
  useEffect(() => {
    const ready = drawn?.of === wanted && drawn.parts === PARTS.lines;
    if (!near || ready) return leaveTurn(id);
    takeTurn(id, () => {
      known = Math.min(PARTS.lines, known + 1);
      // Rendered within the turn: React would otherwise collect several charts into one task.
      flushSync(() => setDrawn({ of: wanted, parts: known }));
    });
  }, [id, near, drawn, wanted]);
  useEffect(() => () => leaveTurn(id), [id]);
  return { ref, drawn: useMemo(() => drawn && { ...drawn.of, parts: drawn.parts }, [drawn]) };
}
