import { useState } from 'react';
import { browserAdvice } from './browserAdvice';

/** Steps for this browser: collapsed when WebGPU runs slowly, expanded when it is missing. */
export function WebGpuAdvice({ software }: { software: boolean }) {
  const [open, setOpen] = useState(!software);
  const { browser, steps } = browserAdvice(navigator.userAgent, software);
  return (
    <div className="small">
      {software && (
        <p>
          This adapter runs on your processor. It is fast enough for the built-in model; larger models need a graphics
          card.{' '}
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            How to enable a graphics card
          </button>
        </p>
      )}
      {open && (
        <>
          {!software && <p>In {browser}:</p>}
          <ol style={{ margin: '4px 0 0', paddingLeft: 20 }}>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
