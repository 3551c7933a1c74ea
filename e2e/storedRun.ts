import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { METRICS } from '../src/domain/metrics/metrics';
import { recipeSchema } from '../src/domain/recipe/recipe';
import { fakeRollouts } from '../src/page/test/fakeRun';

const EMPTY = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));

/** A log recorded with the built-in model: a file of src/diagnosis/fixtures or docs/experiments. */
export const recordedLog = (path: string): object[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ ...EMPTY, ...JSON.parse(line) }));

/**
 * Opens the page with a finished run in the browser's database, as the lab keeps one. Reading it needs no graphics
 * card.
 */
export async function openWithRun(page: Page, name: string, metrics: readonly object[], address = '/'): Promise<void> {
  await page.goto('/');
  // The lab makes its database when it lists the runs.
  const known = () => page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name));
  await expect.poll(known, { timeout: 120_000 }).toContain('autodidact-runs');
  const steps = metrics.length;
  const config = recipeSchema.parse({ steps, promptsPerStep: 2, groupSize: 4 });
  const run = {
    runId: name,
    name,
    startedAt: '2026-01-01T00:00:00.000Z',
    status: 'finished',
    modelName: 'Built-in',
    modelId: 'recorded',
    dataName: 'recorded',
    step: steps,
    steps,
    lastReward: null,
    config,
  };
  const rollouts = Array.from({ length: steps }, (_, i) => fakeRollouts(i + 1, 2, 4));
  await page.evaluate(
    ({ run: kept, metrics: rows, rollouts: answers }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('autodidact-runs');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const tx = db.transaction(['runs', 'metrics', 'rollouts'], 'readwrite');
          tx.objectStore('runs').put(kept, kept.runId);
          for (const [i, row] of rows.entries()) tx.objectStore('metrics').put(row, [kept.runId, i + 1]);
          for (const [i, step] of answers.entries()) tx.objectStore('rollouts').put(step, [kept.runId, i + 1]);
          tx.oncomplete = () => {
            db.close();
            resolve();
          };
          tx.onerror = () => reject(tx.error);
        };
      }),
    { run, metrics, rollouts },
  );
  await page.goto(address);
  await page.reload();
}
