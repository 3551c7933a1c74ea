import { useEffect, useState } from 'react';
import { sourceStack } from './sourceStack';

/** The details of a failure, with the lines of src/ once the source maps are loaded. */
export function useSourceStack(details: string): string {
  const [mapped, setMapped] = useState({ details, text: details });
  useEffect(() => {
    let shown = true;
    sourceStack(details).then((text) => shown && setMapped({ details, text }));
    return () => {
      shown = false;
    };
  }, [details]);
  return mapped.details === details ? mapped.text : details;
}
