import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { METRICS, type StepMetrics } from '../../../domain/metrics/metrics';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { openFolderRunStore } from '../../../storage/folderRunStore';
import { diagnoseRun } from './diagnose';

const root = mkdtempSync(join(tmpdir(), 'autodidact-diagnose-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('prints findings with their numbers, and exits with 3 when there is a problem', async () => {
  const store = openFolderRunStore(root);
  await store.createRun({
    runId: 'sick',
    name: 'sick',
    startedAt: '2026-01-01T00:00:00Z',
    status: 'finished',
    modelName: 'm',
    modelId: 'i',
    dataName: 'd',
    step: 0,
    steps: 7,
    lastReward: null,
    config: recipeSchema.parse({ steps: 7 }),
    checkpoints: [],
  });
  const empty = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null])) as unknown as StepMetrics;
  const append = (step: number, ungraded: number) =>
    store.appendStep('sick', { ...empty, step, reward: 0.1 * step, 'grader/ungraded': ungraded }, []);
  for (const step of [1, 2, 3]) await append(step, 0);

  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(await diagnoseRun.run(['--run', join(root, 'sick')])).toBe(0);
    for (const step of [4, 5, 6, 7]) await append(step, 0.5);
    expect(await diagnoseRun.run(['--run', join(root, 'sick')])).toBe(3);
    expect(await diagnoseRun.run(['--run', join(root, 'sick'), '--json'])).toBe(3);
  } finally {
    write.mockRestore();
  }
  expect(written[0]).toBe('Too early to tell before step 16: no problem found in 3 steps.\n');
  const findings = written.slice(1, -1).join('');
  expect(findings).toMatch(
    /^problem: 40 % of grades are unreadable \(since step 4\)\n {2}grader\/ungraded: 0 % → 40 %\n/,
  );
  expect(findings).toMatch(/Likely cause: .*\n {2}To try: /);
  expect(JSON.parse(written.at(-1)!)).toMatchObject({ id: 'ungraded', level: 'problem', step: 4 });
});
