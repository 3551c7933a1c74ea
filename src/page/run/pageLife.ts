import { formatNumber } from '../shell/format';
import { type RunState, runStore, selectLiveRun, wouldLoseWork } from './runStore';

/** The tab's title, icon, wake lock and question before closing. Called once, by main.tsx. */
export function followRun(): void {
  addEventListener('beforeunload', (event) => {
    if (wouldLoseWork(runStore.getState())) event.preventDefault();
  });
  document.addEventListener('visibilitychange', () => keepAwake(runStore.getState()));
  let before = '';
  runStore.subscribe((state) => {
    const now = title(state);
    if (now === before) return;
    before = now;
    document.title = now;
    setIcon(state);
    keepAwake(state);
  });
}

export function title(state: RunState): string {
  const run = selectLiveRun(state);
  if (!run) return 'Autodidact';
  const reward = run.lastReward === null ? '' : ` · ${formatNumber(run.lastReward)}`;
  const held = state.live.name === 'paused' ? 'Paused · ' : '';
  return `${held}${run.step}/${run.steps}${reward} · Autodidact`;
}

/** A ring that fills with the run, so that a hidden tab shows its progress. */
function setIcon(state: RunState): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!icon) return;
  const run = selectLiveRun(state);
  icon.dataset.original ??= icon.getAttribute('href') ?? '';
  if (!run) {
    icon.href = icon.dataset.original;
    return;
  }
  const around = 2 * Math.PI * 12;
  const done = (around * run.step) / Math.max(1, run.steps);
  const ring = `fill="none" stroke-width="7" cx="16" cy="16" r="12"`;
  icon.href = `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle ${ring} stroke="#c9c5bb"/><circle ${ring} stroke="#0072B2" stroke-dasharray="${done} ${around}" transform="rotate(-90 16 16)"/></svg>`,
  )}`;
}

let lock: Promise<WakeLockSentinel | null> | null = null;

/** Keeps the screen awake during a run. Browsers drop the lock when the tab hides and refuse it while hidden. */
function keepAwake({ live }: RunState): void {
  const works = live.name !== 'idle' && live.name !== 'paused';
  if (works && document.visibilityState === 'visible') {
    lock ??= requestLock();
  } else if (lock) {
    void lock.then((held) => held?.release());
    lock = null;
  }
}

async function requestLock(): Promise<WakeLockSentinel | null> {
  try {
    const held = await navigator.wakeLock.request('screen');
    held.addEventListener('release', () => {
      lock = null;
    });
    return held;
  } catch {
    return null; // Unsupported, or the device saves battery: the run goes on.
  }
}
