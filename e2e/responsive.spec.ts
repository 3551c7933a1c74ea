import { expect, test } from './lab';
import { bestOfThree, mainThreadTasks } from './mainThread';

/**
 * Processor time of the thread rather than wall time: the software GPU of these tests takes every core, and a task that
 * only waited for one has not held up the page.
 */
const MOST_MS = 50;

test('stays responsive while it trains: no task of ours over 50 ms', async ({ lab, page, browser }, {
  annotations,
}) => {
  await lab.open();
  await lab.smallRecipe(60);
  await lab.start();
  await lab.stepsDone(2);
  const tasks = await bestOfThree(MOST_MS, () =>
    mainThreadTasks(browser, page, async () => {
      const before = await lab.steps();
      await lab.stepsDone(before + 3);
      const box = (await page.getByRole('slider', { name: /^Reward by step/ }).boundingBox())!;
      for (let i = 0; i < 20; i++) await page.mouse.move(box.x + 60 + 15 * i, box.y + 80);
      await lab.tab('Rollouts');
      await expect(page.getByRole('region', { name: 'Rubric' })).toBeVisible();
      for (let i = 0; i < 4; i++) await page.keyboard.press('j');
      await lab.stepsDone(before + 5);
    }),
  );
  expect(tasks.length).toBeGreaterThan(100);
  const [longest] = tasks;
  annotations.push({ type: 'longest task', description: `${longest?.cpuMs} ms of work, ${longest?.ms} ms in all` });
  expect(longest?.cpuMs, longest?.parts).toBeLessThanOrEqual(MOST_MS);
});
