import { useElementSize, useIntersection, useMergedRef } from '@mantine/hooks';
import { useEffect, useId, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { leaveTurn, takeTurn } from './idleQueue';

/** Charts this far outside the window are drawn already, so that scrolling finds them there. */
const NEAR = '200px';

/**
 * What a chart draws, and how wide: the newest of `data` and of its place's width as of the chart's last turn, null
 * before the first. A chart that is not near the window waits until it is. The first turn is for the axes alone
 * (`whole` false): the browser meets all of the chart library's code there, which takes as long as the lines do. `ref`
 * goes to the chart's place on the page.
 */
export function useIdleTurn<T>(data: T) {
  const id = useId();
  const { ref: sized, width } = useElementSize();
  const { ref: watched, entry } = useIntersection({ rootMargin: NEAR });
  const ref = useMergedRef(sized, watched);
  const near = (entry?.isIntersecting ?? false) && width > 0;
  const wanted = useMemo(() => ({ data, width, whole: true }), [data, width]);
  const [drawn, setDrawn] = useState<typeof wanted | null>(null);
  useEffect(() => {
    if (!near || drawn === wanted) leaveTurn(id);
    // Rendered within the turn: React would otherwise collect several charts into one task.
    else takeTurn(id, () => flushSync(() => setDrawn(drawn === null ? { ...wanted, whole: false } : wanted)));
  }, [id, near, drawn, wanted]);
  useEffect(() => () => leaveTurn(id), [id]);
  return { ref, drawn };
}
