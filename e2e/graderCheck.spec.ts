import { expect, test } from './lab';

const WORDS = ['river', 'table', 'window', 'garden', 'street', 'paper', 'engine', 'yellow'];
const at = (i: number) => WORDS[i % WORDS.length];

/** Ideal answers that have nothing to do with their criteria: nobody can tell which of two is the better one. */
const rows = Array.from({ length: 30 }, (_, i) =>
  JSON.stringify({
    prompt_id: `p${i}`,
    prompt: [{ role: 'user', content: `A ${at(i)} and a ${at(i + 3)}, number ${i}` }],
    rubrics: [{ criterion: `Fits plan ${i}`, points: 5, tags: [] }],
    ideal_completions_data: { ideal_completion: `The ${at(i + 1)} is near the ${at(i + 5)} in town ${i}.` },
  }),
);

test('a grader at chance is refused before the first step, unless the person trains anyway', async ({ lab, page }) => {
  await lab.open();
  await lab.drop([{ name: 'unrelated.jsonl', text: rows.join('\n') }]);
  await expect(lab.card('Data').getByText('unrelated.jsonl')).toBeVisible();
  const start = page.getByRole('button', { name: 'Start training' });
  await expect(start).toBeEnabled();
  const check = page.getByRole('region', { name: 'Grader check' });
  await check.getByRole('button', { name: 'Check the grader' }).click();
  await expect(check.getByRole('alert')).toContainText('No better than chance', { timeout: 240_000 });
  await expect(check.getByRole('alert')).toContainText('word overlap alone');
  await expect(check.getByRole('alert')).toContainText('Use a teacher as the grader');
  await expect(start).toBeDisabled();
  await expect(page.getByText('The grader is no better than chance.')).toBeVisible();
  await check.getByLabel('Train anyway').check();
  await expect(start).toBeEnabled();
});
