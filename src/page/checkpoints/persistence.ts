let asked = false;

/**
 * Asks the browser, once, not to delete what is saved here by itself when the disk fills up. Only a page can ask, not a
 * worker.
 */
export function askToPersist(): void {
  if (asked) return;
  asked = true;
  globalThis.navigator?.storage?.persist?.().catch(() => {}); // a refusal is shown by StorageLine
}
