import { useEffect, useState } from 'react';
import { formatBytes } from '../shell/format';

/** The storage used and the quota. */
export function StorageLine() {
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  useEffect(() => {
    // Storage needs a secure address; without one the line is left out.
    navigator.storage?.estimate().then(setEstimate, () => setEstimate(null));
  }, []);
  if (estimate?.usage === undefined || estimate.quota === undefined) return null;
  return (
    <p className="soft small">
      Used in this browser: {formatBytes(estimate.usage)} of {formatBytes(estimate.quota)}
    </p>
  );
}
