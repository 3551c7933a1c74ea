import { expect, type Page, test } from '@playwright/test';
import { longest, mainThreadTasks } from './mainThread';
import { inventedLog, openWithRun } from './storedRun';

/** As in responsive.spec.ts: processor time of the thread. */
const MOST_MS = 50;
const STEPS = 10_000;

test.beforeEach(async ({ page }) => {
  await openWithRun(page, 'long', inventedLog(STEPS), { address: '/#/checkpoints', steps: STEPS });
  await expect(page.getByText('long', { exact: true }).first()).toBeVisible();
});

test('a run of 10,000 steps opens, scrolls, is searched and exported: no task over 50 ms', async ({
  page,
  browser,
}) => {
  const parts: readonly (readonly [string, () => Promise<void>])[] = [
    ['open', () => open(page)],
    ['scroll', () => scroll(page)],
    ['point', () => point(page)],
    ['table', () => table(page)],
    ['answers', () => answers(page)],
    ['export', () => exported(page)],
  ];
  // A part that another program made slow gets two more tries; a slow page is slow each time.
  const slow = new Map<string, string>();
  for (let attempt = 0; attempt < 3; attempt++) {
    if (attempt > 0) {
      await page.goto('/#/checkpoints');
      await page.reload();
    }
    for (const [name, act] of parts) {
      const tasks = await mainThreadTasks(browser, page, act);
      console.log(`${name}: longest tasks, ms of work (ms in all): ${longest(tasks)}`);
      const [most] = tasks;
      expect(most, name).toBeDefined();
      if (most!.cpuMs > MOST_MS) {
        if (attempt === 0 || slow.has(name)) slow.set(name, `${most!.cpuMs} ms: ${most!.parts}`);
      } else slow.delete(name);
    }
    if (slow.size === 0) break;
  }
  expect([...slow]).toEqual([]);
});

async function open(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Train' }).click();
  await expect(page.getByText('10,000 steps done')).toBeVisible();
  await expect(page.getByRole('slider', { name: /^Reward by step/ }).locator('svg')).toBeVisible();
  await page.waitForTimeout(1000);
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(640, 500);
  for (let i = 0; i < 10; i++) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(100);
  }
  // The last chart was out of sight: it is drawn now.
  await expect(page.getByRole('slider', { name: /^Time per step/ }).locator('svg')).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0));
}

async function point(page: Page): Promise<void> {
  const box = (await page.getByRole('slider', { name: /^Reward by step/ }).boundingBox())!;
  for (let i = 0; i < 15; i++) await page.mouse.move(box.x + 60 + 20 * i, box.y + 80);
}

async function table(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More about Reward', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Show table' }).click();
  const numbers = page.getByRole('region', { name: 'Chart data' });
  await expect(numbers.getByRole('rowheader', { name: '10000' })).toBeVisible();
  await numbers.hover();
  for (let i = 0; i < 10; i++) await page.mouse.wheel(0, 400);
}

async function answers(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Rollouts' }).click();
  await expect(page.getByRole('region', { name: 'Rubric' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('water');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Previous step' }).click();
  await expect(page.getByText(/step 9,?999 of 10,?000/)).toBeVisible();
}

async function exported(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Train' }).click();
  await page.getByRole('button', { name: 'More about Answer length' }).click();
  const numbers = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download all metrics (CSV)' }).click();
  await numbers;
  await page.getByRole('navigation').getByRole('link', { name: 'Checkpoints' }).click();
  const file = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: /^Metrics \(JSONL\)/ }).click();
  await file;
}
