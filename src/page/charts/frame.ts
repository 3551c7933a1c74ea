/** Room around the lines, in CSS pixels: numbers to the left, steps below. */
export const FRAME = { left: 46, right: 10, top: 8, bottom: 22 } as const;

/** What of it is no axis. */
export const MARGIN = { top: FRAME.top, right: FRAME.right, bottom: 0, left: 0 };

/** Numbers without lines; `interval` 0 shows every tick given, without measuring which of them fit. */
export const PLAIN_AXIS = { axisLine: false, tickLine: false, interval: 0 } as const;

/** Share of the way from the first to the last step at `x` pixels from the chart's left edge, 0 … 1. */
export const shareAt = (x: number, width: number): number =>
  Math.min(1, Math.max(0, (x - FRAME.left) / Math.max(1, width - FRAME.left - FRAME.right)));
