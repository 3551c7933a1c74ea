import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { simulated } from '../tools/diagnosis/flaws';
import { withoutWebGpu } from './browser';
import { expect, test } from './lab';
import { openWithRun } from './storedRun';

// What is kept can be read without a graphics card.
test.use({ launchOptions: withoutWebGpu });

test('verdicts are reviewed by keyboard, saved over a reload, and exported', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 900 });
  await openWithRun(page, 'reviewed', simulated('clean').slice(0, 8), { address: '/#/review' });
  await expect(page.getByText('Verdict 1 of 30')).toBeVisible();
  const verdict = page.getByRole('region', { name: 'Verdict', exact: true });
  await expect(verdict.getByText(/^\s*(met|not met|harm|avoided)\s*$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Answer', exact: true })).not.toBeEmpty();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);

  await page.keyboard.press('a');
  await expect(page.getByText('Verdict 2 of 30')).toBeVisible();
  await page.keyboard.press('c');
  await page.keyboard.type('as a doctor I disagree'); // letters that are typed are no commands
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  await expect(page.getByText('Verdict 3 of 30')).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByText('Verdict 4 of 30')).toBeVisible();

  const agreement = page.getByRole('region', { name: 'Agreement' });
  await expect(agreement.getByRole('row', { name: /^All verdicts 2 50 %/ })).toBeVisible();
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(verdict).toContainText('You disagreed.');
  await expect(page.getByLabel('Comment')).toHaveValue('as a doctor I disagree');
  await page.keyboard.press('a');
  await expect(agreement.getByRole('row', { name: /^All verdicts 2 100 %/ })).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  // For people who know medicine: no words of the trade.
  const words = await page.getByRole('main').textContent();
  expect(words).not.toMatch(/\b(reward|rollout|token|logprob|model|policy|grader|GRPO|prompt)s?\b/i);

  await page.reload();
  await expect(page.getByText('3 reviewed, 1 of them skipped')).toBeVisible();
  const save = async (name: string) => {
    const download = page.waitForEvent('download');
    await agreement.getByRole('button', { name }).click();
    return readFileSync((await (await download).path())!, 'utf8');
  };
  const lines = (await save('Save as JSONL'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ opinion }) => opinion).sort()).toEqual(['agree', 'agree', 'skip']);
  expect(lines.find(({ comment }) => comment !== '')).toMatchObject({ comment: 'as a doctor I disagree' });
  expect(await save('Save as table (CSV)')).toMatch(/^step,prompt_id,criterion,points,verdict/);
});
