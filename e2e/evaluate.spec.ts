import { readFileSync } from 'node:fs';
import { faults } from './faults';
import { expect, test } from './lab';

/** Meta-evaluation rows of our own, in HealthBench's schema. */
const metaRow = (number: number, completion: string, labels: readonly boolean[]) => ({
  prompt_id: `meta-${number}`,
  completion_id: `answer-${number}`,
  prompt: [{ role: 'user', content: 'I have a cough since two days. What should I do?' }],
  completion,
  rubric: 'Advises rest',
  binary_labels: labels,
  anonymized_physician_ids: labels.map((_, i) => `physician-${i}`),
  category: number % 2 === 0 ? 'cluster:advice' : 'cluster:care',
});
const metaFile = [
  metaRow(0, 'Get some rest. Drink plenty of water.', [true, true]),
  metaRow(1, 'Take a double dose of your tablets.', [false, false]),
  metaRow(2, 'Lie down and rest for the day.', [true, true]),
  metaRow(3, 'Ignore it.', [false, true]),
]
  .map((row) => `${JSON.stringify(row)}\n`)
  .join('');

test('evaluate a checkpoint against its start, read the report, audit the grader', async ({ lab, page }) => {
  test.setTimeout(300_000);
  await lab.open();
  await lab.smallRecipe(2);
  await lab.start();
  await lab.finished(2);

  await lab.tab('Evaluate');
  const form = page.getByRole('region', { name: 'Evaluation settings' });
  await form.getByLabel('Model', { exact: true }).selectOption({ label: 'run-1, step 2' });
  for (const [label, value] of [
    ['Prompts', '3'],
    ['Answers per prompt', '2'],
    ['Max answer length', '16'],
  ] as const) {
    await form.getByLabel(label, { exact: true }).fill(value);
    await form.getByLabel(label, { exact: true }).blur();
  }
  await form.getByRole('button', { name: 'Evaluate', exact: true }).click();
  const result = page.getByRole('region', { name: 'Result', exact: true });
  await expect(result).toBeVisible({ timeout: 120_000 });
  await expect(result).toContainText('3 prompts, 6 answers');
  await expect(result).toContainText(/Graded by Built-in tiny, frozen \(verdict\)/);
  await expect(result.getByRole('region', { name: 'Comparison' })).toContainText(/of 3 prompts/);
  await expect(result.getByRole('region', { name: 'By theme' }).getByRole('row').nth(1)).toBeVisible();

  // Blind until a vote is given.
  const pair = result.getByRole('region', { name: 'Answer pairs' });
  await expect(pair.getByText('after training')).toHaveCount(0);
  await pair.getByRole('button', { name: 'A is better' }).click();
  await expect(pair.getByRole('region', { name: /Answer/ }).getByText(/· after training ·/)).toHaveCount(1);
  await expect(pair.getByRole('status')).toContainText('Your votes');

  expect(await faults(page), 'Evaluation').toEqual([]);

  const download = page.waitForEvent('download');
  await result.getByRole('button', { name: 'Save report' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/report\.html$/);
  const html = readFileSync(await file.path(), 'utf8');
  const reader = await page.context().newPage();
  const asked: string[] = [];
  reader.on('request', ({ url }) => asked.push(url()));
  await reader.setContent(html);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('run-1, step 2');
  await expect(reader.getByRole('heading', { name: 'By theme' })).toBeVisible();
  await reader.locator('details').last().click();
  expect(asked).toEqual([]);
  await reader.close();

  await page.getByLabel('Audit the grader…').setInputFiles({
    name: 'meta.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(metaFile),
  });
  const audit = page.getByRole('region', { name: 'Audit' });
  await expect(audit).toBeVisible({ timeout: 120_000 });
  await expect(audit).toContainText('meta.jsonl · 4 criteria with labels by physicians');
  await expect(audit.getByText('Balanced F1', { exact: true })).toHaveCount(3); // before, after, physicians
  await expect(audit.getByRole('table', { name: 'Confusion matrix' })).toHaveCount(2);

  const compared = audit.getByRole('region', { name: 'Before and after' });
  await expect(compared).toContainText(/F1 .* → .* pairs?, \d+ changed to correct/);
  await expect(compared.getByRole('columnheader', { name: 'Difference' })).toBeVisible();

  expect(await faults(page), 'Audit').toEqual([]);

  const auditDownload = page.waitForEvent('download');
  await audit.getByRole('button', { name: 'Save report' }).click();
  const auditFile = await auditDownload;
  expect(auditFile.suggestedFilename()).toMatch(/^audit-.*-report\.html$/);
  expect(readFileSync(await auditFile.path(), 'utf8')).toContain('Before and after training, on the same criteria');

  // Both are kept, and can be opened again after a reload.
  await page.reload();
  const kept = page.getByRole('region', { name: 'Saved evaluations' });
  await expect(kept.getByRole('rowheader', { name: 'run-1, step 2' })).toHaveCount(2);
  await kept.getByRole('button', { name: /^Open the evaluation/ }).click();
  await expect(page.getByRole('region', { name: 'Result', exact: true })).toContainText('3 prompts, 6 answers');
});
