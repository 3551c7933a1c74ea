import type { Page } from '@playwright/test';
import { faults } from './faults';
import { expect, type LabPage, test } from './lab';

/** A run of two steps, and the screen where its checkpoint can be asked. */
async function trainAndOpen(lab: LabPage, page: Page) {
  await lab.open();
  await lab.smallRecipe(2);
  await lab.start();
  await lab.finished(2);
  await lab.tab('Evaluate');
  await page.getByRole('link', { name: 'Compare answers live' }).click();
  return page.getByRole('region', { name: 'Comparison settings' });
}

test('both answer an example as one watches, every criterion is graded, and a blind vote tells which was which', async ({
  lab,
  page,
}) => {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  // The draws of sides and seed, so that the answers are the same each time and long enough to come in parts.
  await page.addInitScript(() => {
    let next = 3;
    crypto.getRandomValues = ((words: Uint32Array) => words.fill(next++)) as typeof crypto.getRandomValues;
  });
  const form = await trainAndOpen(lab, page);
  await expect(form.getByLabel('Checkpoint', { exact: true })).toHaveValue(/\/2$/);
  const examples = form.getByLabel('Example', { exact: true }).getByRole('option');
  await expect.poll(() => examples.count()).toBeGreaterThan(3);
  await form.getByLabel('Max answer length').fill('96');
  await form.getByLabel('Max answer length').blur();
  expect(await faults(page), 'before').toEqual([]);

  // Every length that each answer has been seen at.
  await page.evaluate(() => {
    const seen: Record<string, string[]> = { A: [], B: [] };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const letter of ['A', 'B']) {
        const text = document.querySelector(`[aria-label="Answer ${letter}"]`)?.textContent;
        const tokens = /(\d+) tokens/.exec(text ?? '')?.[1];
        if (tokens && seen[letter]!.at(-1) !== tokens) seen[letter]!.push(tokens);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await form.getByRole('button', { name: 'Compare', exact: true }).click();
  const answers = page.getByRole('region', { name: 'Answers', exact: true });
  await expect(answers.getByText('Both answers are complete and graded.')).toBeVisible({ timeout: 120_000 });
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, string[]> }).seen);
  for (const letter of ['A', 'B']) {
    expect(seen[letter]!.length, `${letter} came in parts: ${seen[letter]}`).toBeGreaterThan(1);
    const counts = seen[letter]!.map(Number);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  }

  const table = answers.getByRole('table');
  await expect(table).toContainText(/Graded by Built-in tiny, frozen \(verdict\)/);
  await expect(table.getByText('not yet')).toHaveCount(0);
  const criteria = (await table.locator('tbody').getByRole('row').count()) * 2;
  expect(
    await table
      .locator('tbody')
      .getByText(/^\s*(met|not met|harm|avoided|ungraded)\s*$/)
      .count(),
  ).toBe(criteria);
  for (const letter of ['A', 'B'])
    await expect(answers.getByRole('region', { name: `Answer ${letter}` })).toContainText(
      /\d+ tokens.*score −?\d\.\d\d/,
    );

  // Which is which is nowhere on the page before the vote.
  await expect(answers.getByText(/(before|after) training/)).toHaveCount(0);
  expect(await faults(page), 'blind').toEqual([]);
  await page.keyboard.press('1');
  await expect(answers.getByText(/^A was the model (before|after) training, B was/)).toBeVisible();
  await expect(answers.getByRole('heading', { name: /^[AB] · (before|after) training$/ })).toHaveCount(2);
  await expect(answers.getByRole('button', { name: 'A is better' })).toHaveAttribute('aria-pressed', 'true');
  const tally = page.getByRole('region', { name: 'Votes so far' });
  await expect(tally.getByRole('row').nth(1)).toContainText(/run-1, step 2.*[01].*[01].*0.* % to .* %/);
  expect(await faults(page), 'after the vote').toEqual([]);

  await answers.getByRole('button', { name: 'Compare next example' }).click();
  await expect(answers.getByText('Both answers are complete and graded.')).toBeVisible({ timeout: 120_000 });
  await page.keyboard.press('3');
  await expect(tally.getByRole('row').nth(1)).toContainText(/[01]\s*[01]\s*1/);
  expect(errors).toEqual([]);
});

test('a person’s own prompt is graded by their own criteria, or not at all; a stop stops', async ({ lab, page }) => {
  const form = await trainAndOpen(lab, page);
  await form.getByLabel('Prompt from', { exact: true }).selectOption('own');
  const answer = form.getByRole('button', { name: 'Compare', exact: true });
  await expect(answer).toBeDisabled();
  await form.getByLabel('Prompt', { exact: true }).fill('I have a cough. What should I do?');
  await form.getByLabel('Max answer length').fill('32');
  await form.getByLabel('Max answer length').blur();
  await answer.click();
  const answers = page.getByRole('region', { name: 'Answers', exact: true });
  await expect(answers.getByText('There are no criteria to grade.')).toBeVisible({ timeout: 120_000 });
  await expect(answers.getByRole('table')).toHaveCount(0);

  await form.getByLabel(/^Criteria/).fill('99 Too much');
  await expect(form.getByText(/Line 1: points must be from −10 to 10/)).toBeVisible();
  await expect(answer).toBeDisabled();
  await form.getByLabel(/^Criteria/).fill('5 Advises rest\n-8 Names a dose');
  await form.getByLabel('Show verdicts and scores after the vote').check();
  await answer.click();
  await expect(answers.getByText('Both answers are complete and graded.')).toBeVisible({ timeout: 120_000 });
  await expect(answers.getByText(/Verdicts by .* appear after your vote/)).toBeVisible();
  await expect(answers.getByText(/score/)).toHaveCount(0);
  await page.keyboard.press('2');
  await expect(answers.getByRole('table').getByRole('row')).toHaveCount(4);
  expect(await faults(page), 'own prompt').toEqual([]);

  await form.getByLabel('Max answer length').fill('200');
  await form.getByLabel('Max answer length').blur();
  await answer.click();
  await form.getByRole('button', { name: 'Stop' }).click();
  await expect(answers.getByText('Stopped.')).toBeVisible({ timeout: 60_000 });
  await expect(answer).toBeEnabled();
});

test('nothing can be asked before there is a checkpoint, nor while a run lives', async ({ lab, page }) => {
  await page.goto('/#/evaluate/side-by-side');
  await expect(page.getByText('No checkpoint yet.')).toBeVisible({ timeout: 120_000 });
  await lab.tab('Set up');
  await lab.ready();
  await lab.smallRecipe(500);
  await lab.start();
  await lab.stepsDone(2);
  await page.goto('/#/evaluate/side-by-side');
  const form = page.getByRole('region', { name: 'Comparison settings' });
  await expect(form.getByText('A run is in progress. Stop it first')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
});
