import { healthRow } from './healthData';
import { expect, test } from './lab';

const rows = Array.from({ length: 12 }, (_, i) =>
  JSON.stringify({
    ...healthRow(i + 1),
    ideal_completions_data: { ideal_completion: 'Rest and drink water. Call a doctor if it gets worse.' },
  }),
).join('\n');

test('the loss of a warm start is drawn while it goes on, and is still there after a reload', async ({ lab, page }) => {
  await lab.open();
  await lab.drop([{ name: 'ideal.jsonl', text: rows }]);
  await expect(lab.card('Data').getByText('ideal.jsonl')).toBeVisible();
  await lab.smallRecipe(2);
  await lab.set('Supervised steps', '30');
  await lab.set('Examples per supervised step', '4');
  await lab.set('Supervised learning rate', '0.001');
  await lab.start();
  await lab.tab('Train');
  const warm = page.getByRole('region', { name: 'Warm start' });
  await expect(warm).toContainText(/[1-9]\d* of 30 supervised steps done, about/, { timeout: 120_000 });
  await expect(page.getByText(/trains on the data’s own answers and verdicts/)).toBeVisible();
  const line = warm.locator('svg path').last();
  const before = await line.getAttribute('d');
  expect(before).toMatch(/^M/);
  await expect.poll(() => line.getAttribute('d')).not.toBe(before);

  await lab.stepsDone(2);
  const whole = /^Loss over 30 supervised steps, from ([\d.]+) to ([\d.]+)$/;
  const label = (await warm.getByRole('img', { name: 'Loss over' }).getAttribute('aria-label')) ?? '';
  expect(label).toMatch(whole);
  const [, from, to] = whole.exec(label)!;
  expect(Number(to)).toBeLessThan(Number(from));
  await expect(warm).toContainText('30 of 30 supervised steps done · 4 examples in the last step');

  await page.reload();
  await expect(warm.getByRole('img', { name: 'Loss over' })).toHaveAttribute('aria-label', label);
});
