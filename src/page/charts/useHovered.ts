import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { type ViewState, viewStore } from '../shell/viewStore';
import { leaveTurn, takeTurn } from './idleQueue';

type Hovered = ViewState['hovered'];

/**
 * The step that is pointed at, on the chart `id` or on another; always null where `id` is. Charts follow one a turn:
 * Recharts' own `syncId` moves all of them in one task, which took up to 75 ms for eleven charts.
 */
export function useHovered(id: string | null): Hovered {
  const [shown, setShown] = useState<Hovered>(null);
  useEffect(() => {
    if (id === null) return;
    const turn = `${id} hovered`;
    const leave = viewStore.subscribe(({ hovered }, before) => {
      if (hovered === before.hovered) return;
      leaveTurn(turn);
      if (hovered?.by === id) setShown(hovered);
      else takeTurn(turn, () => flushSync(() => setShown(hovered)));
    });
    return () => {
      leave();
      leaveTurn(turn);
    };
  }, [id]);
  return shown;
}
