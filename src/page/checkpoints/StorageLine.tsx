import { useEffect, useState } from 'react';
import { formatBytes } from '../shell/format';

/** The storage used, the quota, and whether the browser may delete what is saved. */
export function StorageLine() {
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  const [persisted, setPersisted] = useState<boolean | null>(null);
  useEffect(() => {
    navigator.storage?.persisted?.().then(setPersisted, () => setPersisted(null));
    // Storage needs a secure address; without one the line is left out.
    navigator.storage?.estimate().then(setEstimate, () => setEstimate(null));
  }, []);
  if (estimate?.usage === undefined || estimate.quota === undefined) return null;
  return (
    <p className="soft small">
      Used in this browser: {formatBytes(estimate.usage)} of {formatBytes(estimate.quota)}.
      {persisted === true && ' The browser has promised not to delete it by itself.'}
      {persisted === false && ' The browser may delete it when the disk is nearly full: export what you need.'}
    </p>
  );
}
