import { useStore } from 'zustand';
import { type RunState, runStore } from '../run/runStore';
import { formatShare } from '../shell/format';

/** Share of the file that has been read; null until it is known. */
const selectShare = ({ work }: RunState) =>
  work?.phase === 'opening' && work.total > 1 && work.done < work.total ? work.done / work.total : null;

export function OpeningLine({ label }: { label: string }) {
  const share = useStore(runStore, selectShare);
  return (
    <p className="soft">
      {label}
      {share === null ? '…' : ` · ${formatShare(share)}`}
    </p>
  );
}
