import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { METRICS } from '../src/domain/metrics/metrics';
import { recipeSchema } from '../src/domain/recipe/recipe';
import { fakeMetrics, fakeRollouts } from '../src/page/test/fakeRun';

const EMPTY = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));

/** A log recorded with the built-in model: a file of src/diagnosis/fixtures or docs/experiments. */
export const recordedLog = (path: string): object[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ ...EMPTY, ...JSON.parse(line) }));

/** Rows of a run of so many steps, which repeat after 250; every tenth step has a held-out evaluation. */
export const inventedLog = (steps: number): object[] =>
  Array.from({ length: Math.min(steps, 250) }, (_, i) => ({
    ...fakeMetrics(i + 1),
    ...(i % 10 === 0 && {
      'eval/frozen_score': 0.4 + 0.001 * i,
      'eval/score_low': 0.3 + 0.001 * i,
      'eval/score_high': 0.5 + 0.001 * i,
    }),
  }));

/**
 * Opens the page with a finished run in the browser's database, as the lab saves one. Reading it needs no graphics
 * card. A run with more steps than rows repeats the rows.
 */
export async function openWithRun(
  page: Page,
  name: string,
  metrics: readonly object[],
  { address = '/', steps = metrics.length }: { address?: string; steps?: number } = {},
): Promise<void> {
  await page.goto('/');
  // The lab makes its database when it lists the runs.
  const known = () => page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name));
  await expect.poll(known, { timeout: 120_000 }).toContain('autodidact-runs');
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
  const rollouts = metrics.map((_, i) => fakeRollouts(i + 1, 2, 4));
  await page.evaluate(
    ({ run: saved, metrics: rows, rollouts: answers }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('autodidact-runs');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const tx = db.transaction(['runs', 'metrics', 'rollouts'], 'readwrite');
          tx.objectStore('runs').put(saved, saved.runId);
          for (let i = 0; i < saved.steps; i++) {
            const step = i + 1;
            tx.objectStore('metrics').put({ ...rows[i % rows.length], step }, [saved.runId, step]);
            const own = answers[i % rows.length]!.map((answer) => ({ ...answer, step }));
            tx.objectStore('rollouts').put(own, [saved.runId, step]);
          }
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
