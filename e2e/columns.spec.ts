import { expect, test } from './lab';

const rows = ['a cough', 'a headache', 'a rash'].map((what, i) => ({
  uid: i,
  question: `I have ${what}. What should I do?`,
  reward: {
    rubrics: [
      { title: 'Advises rest', weight: 3 },
      { title: 'Is rude', weight: -2 },
    ],
  },
}));

test('reads a rubric file of another layout by its columns', async ({ lab }) => {
  await lab.open();
  await lab.drop([{ name: 'foreign.jsonl', text: rows.map((row) => `${JSON.stringify(row)}\n`).join('') }]);
  const data = lab.card('Data');
  await expect(data.getByRole('alert')).toContainText('no usable example');
  const columns = data.getByRole('region', { name: 'Columns' });
  for (const [label, value] of [
    ['Prompt', 'question'],
    ['Rubric', 'reward.rubrics'],
    ['Criterion field', 'title'],
    ['Points field', 'weight'],
  ] as const)
    await expect(columns.getByLabel(label)).toHaveValue(value);
  await columns.getByRole('button', { name: 'Use these columns' }).click();
  await expect(data).toContainText('3 prompts');
  await expect(data).toContainText('3 negative');
  await expect(data.getByText('ready', { exact: true })).toBeVisible();
});
