import { healthRow } from './healthData';
import { expect, test } from './lab';

const row = (number: number, change: object = {}): string => JSON.stringify({ ...healthRow(number), ...change });

test('lists every bad row of a data file with its line and reason, and keeps the good ones', async ({ lab, page }) => {
  await lab.open();
  const text = [
    row(1),
    '{"prompt_id": "half a row',
    row(2, { rubrics: [{ criterion: 'Only a harm.', points: -3, tags: [] }] }),
    row(1),
    row(5, {
      prompt: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
      ],
    }),
    row(6, { prompt: [{ role: 'narrator', content: 'Once upon a time' }] }),
    row(7),
  ].join('\n');
  await lab.drop([{ name: 'mixed.jsonl', text }]);
  const card = lab.card('Data');
  await expect(card.getByText('mixed.jsonl')).toBeVisible();
  await expect(card.getByText(/2 prompts/)).toBeVisible();
  await card.getByRole('button', { name: '5 rows skipped: see why' }).click();
  const rows = card.getByRole('list', { name: 'Skipped rows' }).getByRole('listitem');
  await expect(rows).toHaveCount(5);
  for (const [i, line] of [2, 3, 4, 5, 6].entries()) await expect(rows.nth(i)).toContainText(`line ${line}`);
  await card.getByRole('button', { name: 'Preview' }).click();
  await expect(card.getByRole('list', { name: 'First prompts' }).getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
});

test('lists what reading changed about the rows that are used', async ({ lab, page }) => {
  await lab.open();
  const prompt = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ];
  await lab.drop([{ name: 'system.jsonl', text: `${row(1)}\n${row(2, { prompt })}\n` }]);
  const card = lab.card('Data');
  await expect(card.getByText('system.jsonl')).toBeVisible();
  await card.getByRole('button', { name: 'What reading changed' }).click();
  const changes = card.getByRole('list', { name: 'Changed on reading' }).getByRole('listitem');
  await expect(changes).toHaveCount(1);
  await expect(changes).toContainText('1 row');
  await expect(changes).toContainText('system or developer turns: given to the chat template');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
});

test('refuses a data file without a good row, and keeps the open data', async ({ lab, page }) => {
  await lab.open();
  await lab.drop([{ name: 'poem.jsonl', text: 'roses are red\nviolets are blue\n' }]);
  const card = lab.card('Data');
  await expect(card.getByRole('alert')).toContainText('poem.jsonl');
  await expect(card.getByText('ready', { exact: true })).toBeVisible();
  await expect(card.getByText('Built-in sample', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  await lab.drop([{ name: 'good.jsonl', text: row(1) }]);
  await expect(card.getByText('good.jsonl')).toBeVisible();
  await expect(card.getByRole('alert')).toBeHidden();
  await card.getByRole('button', { name: 'Built-in sample' }).click();
  await expect(card.locator('p').getByText('Built-in sample', { exact: true })).toBeVisible();
});

test('refuses what is no model, says why, and keeps the open one', async ({ lab, page }) => {
  await lab.open();
  const card = lab.card('Model');
  for (const [file, why] of [
    [{ name: 'holiday.gguf', text: 'This is not a model at all, only a few words.' }, 'holiday.gguf'],
    [{ name: 'config.json', text: '{"architectures": ["MambaForCausalLM"], "model_type": "mamba"}' }, 'Mamba'],
  ] as const) {
    await lab.drop([file]);
    await expect(card.getByRole('alert')).toContainText(why);
    await expect(card.getByText('ready', { exact: true })).toBeVisible();
    await expect(card.getByText('Built-in tiny')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  }
  // The stack trace of a failure names our files, not those of the bundle.
  await card.getByRole('button', { name: 'Details' }).click();
  await expect(card.locator('pre')).toContainText(/src\/formats\/\w+\.ts:\d+/);
});

test('says so when a dropped file is neither model nor data', async ({ lab, page }) => {
  await lab.open();
  await lab.drop([{ name: 'holiday.docx', text: 'words' }]);
  const alert = page.getByRole('alert').filter({ hasText: 'holiday.docx' });
  await expect(alert).toContainText('neither a model nor data');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toBeHidden();
});
