import type { Instruction, Kind, MachineCode } from './instruction';

/** One round of a loop, without the loops inside it. */
export interface Loop {
  readonly instructions: number;
  readonly multiplyAdds: number;
  readonly valu: number;
  /** Bytes that a lane reads from workgroup memory, and from other memory. */
  readonly ldsBytes: number;
  readonly memoryBytes: number;
  readonly scratch: number;
  readonly waits: number;
  readonly barriers: number;
}

/** All loops, in the order of the code: branches back to a label. A loop may jump back from several places. */
export function loops({ list, labels }: Pick<MachineCode, 'list' | 'labels'>): Loop[] {
  const ends = new Map<number, number>();
  list.forEach(({ target }, end) => {
    const start = target === undefined ? undefined : labels.get(target);
    if (start !== undefined && start <= end) ends.set(start, Math.max(end, ends.get(start) ?? 0));
  });
  const spans = [...ends].map(([start, end]) => ({ start, end })).sort((a, b) => a.start - b.start || b.end - a.end);
  return spans.map((span) => {
    const inner = spans.filter((other) => other !== span && other.start >= span.start && other.end <= span.end);
    const isOwn = (i: number) => !inner.some(({ start, end }) => i >= start && i <= end);
    return countsOf(list.slice(span.start, span.end + 1).filter((_, i) => isOwn(span.start + i)));
  });
}

function countsOf(own: readonly Instruction[]): Loop {
  const of = (kind: Kind) => own.filter((one) => one.kind === kind);
  const sum = (key: 'multiplyAdds' | 'bytes' | 'weight', list: readonly Instruction[]) =>
    list.reduce((total, one) => total + one[key], 0);
  const bytesRead = (kind: Kind) =>
    sum(
      'bytes',
      of(kind).filter(({ load }) => load),
    );
  return {
    instructions: own.length,
    multiplyAdds: sum('multiplyAdds', own),
    valu: sum('weight', of('valu')),
    ldsBytes: bytesRead('lds'),
    memoryBytes: bytesRead('vmem'),
    scratch: of('scratch').length,
    waits: of('wait').length,
    barriers: of('barrier').length,
  };
}

/** The loop with the most multiply-adds: the one that the time goes to. */
export const hottest = (code: MachineCode): Loop | undefined =>
  loops(code).reduce<Loop | undefined>(
    (best, loop) => (loop.multiplyAdds > (best?.multiplyAdds ?? 0) ? loop : best),
    undefined,
  );
