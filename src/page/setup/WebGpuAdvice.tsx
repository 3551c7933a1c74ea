import { useState } from 'react';
import { browserAdvice } from './browserAdvice';

/** Plain steps for this browser. Folded when things work, if slowly; open when nothing can work. */
export function WebGpuAdvice({ software }: { software: boolean }) {
  const [open, setOpen] = useState(!software);
  const { browser, steps } = browserAdvice(navigator.userAgent, software);
  return (
    <div className="small">
      {software && (
        <p>
          This adapter runs on your processor. Fine for a look with the built-in model; a real model needs a graphics
          card.{' '}
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            How to enable it
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
