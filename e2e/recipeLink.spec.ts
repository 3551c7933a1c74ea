import { expect, LabPage, test } from './lab';
import { openWithRun, recordedLog } from './storedRun';

const linkOf = (set: object) =>
  `/#/setup/recipe/${Buffer.from(JSON.stringify({ v: 1, preset: 'demo', set })).toString('base64url')}`;

test('a link has the whole recipe, and a fresh page takes it and says what it changed', async ({
  lab,
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open();
  await page.getByRole('combobox', { name: 'Recipe', exact: true }).selectOption('Frozen grader');
  await lab.set('Steps', '40');
  await page.getByRole('button', { name: 'More settings' }).click();
  await lab.set('KL coefficient', '0.02');
  await expect(lab.card('Recipe')).toContainText('Changed from Frozen grader: steps 100 → 40; KL coefficient 0 → 0.02');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied, with the whole recipe.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(`${baseURL}/#/setup/recipe/`)).toBe(true);

  const fresh = await browser.newContext({ ...(baseURL && { baseURL }) });
  const other = new LabPage(await fresh.newPage());
  await other.page.goto(link);
  const line = other.page.getByText('Recipe loaded from a link');
  await expect(line).toContainText('Frozen grader, with steps 100 → 40; KL coefficient 0 → 0.02.');
  // The model, which opens later, does not bring its own recipe.
  await other.ready();
  await expect(other.page.getByRole('combobox', { name: 'Recipe', exact: true })).toHaveValue('frozenGrader');
  await expect(other.page.getByLabel('Steps', { exact: true })).toHaveValue('40');
  await expect(other.page.getByLabel('Grader', { exact: true })).toHaveValue('frozen');
  await expect(other.page).toHaveURL(/#\/setup$/);

  // What was changed since stays when one comes back to the page.
  await other.set('Steps', '41');
  await other.tab('Train');
  await other.page.goBack();
  await expect(other.page.getByLabel('Steps', { exact: true })).toHaveValue('41');
  await other.page.getByRole('button', { name: 'Restore the previous recipe' }).click();
  await expect(line).toBeHidden();
  await expect(other.page.getByLabel('Steps', { exact: true })).toHaveValue('60');
  await fresh.close();
});

test('a link that is broken, out of range or names a teacher is refused, and the recipe stays', async ({
  lab,
  page,
}) => {
  const teacher = { kind: 'endpoint', url: 'https://stranger.example/v1', model: 'm' };
  const cases: [string, RegExp][] = [
    ['/#/setup/recipe/eyJ2IjoxLCJwcm', /was not used: it is damaged, incomplete/],
    [linkOf({ steps: 1e9 }), /“Steps” is 1000000000 but must be from 1 to 100000/],
    [linkOf({ 'loss.type': '<img src=x onerror=alert(1)>' }), /loss\.type is out of range/],
    [
      linkOf({ 'grader.kind': 'teacher', 'grader.teacher': teacher }),
      /it names a teacher\. Links cannot: prompts and answers would be sent to it/,
    ],
  ];
  await page.goto('/');
  await lab.ready();
  for (const [address, why] of cases) {
    await page.goto(address);
    await expect(page.getByRole('alert').filter({ hasText: why })).toContainText('The recipe below is unchanged.');
    await expect(page.getByLabel('Steps', { exact: true })).toHaveValue('60');
    await expect(page.getByLabel('Grader', { exact: true })).toHaveValue('self');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  }
});

test('a recipe is compared with that of the last run, which can be taken over', async ({ lab, page }) => {
  await openWithRun(page, 'run-1', recordedLog('docs/experiments/planted-1.jsonl'));
  const recipe = lab.card('Recipe');
  await expect(recipe).toContainText(/Changed from your last run, run-1: .*answers per prompt 4 → 8/);
  await recipe.getByRole('button', { name: 'use its recipe' }).click();
  await expect(recipe).toContainText('Same as your last run, run-1.');
  await expect(page.getByLabel('Answers per prompt', { exact: true })).toHaveValue('4');
  await lab.set('Answers per prompt', '6');
  await expect(recipe).toContainText('Changed from your last run, run-1: answers per prompt 4 → 6 · use its recipe');
});
