import { useStore } from 'zustand';
import { callStore, openCall } from '../connection/calls';
import { formatShare } from '../shell/format';

interface Props {
  readonly kind: 'openModel' | 'openData' | 'openTeacher';
  readonly label: string;
}

/** The file or model that is opening, and the share of it that has been read, once known. */
export function OpeningLine({ kind, label }: Props) {
  const work = useStore(callStore, (calls) => openCall(calls, kind)?.work ?? null);
  return (
    <p className="soft">
      {label}
      {work && work.total > 1 && work.done < work.total ? ` · ${formatShare(work.done / work.total)}` : '…'}
    </p>
  );
}
