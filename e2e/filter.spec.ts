import { faults } from './faults';
import { healthRow } from './healthData';
import { expect, test } from './lab';

const MARK = 'asks about the weather';

/** Twelve rows, every third of a theme of its own, which its question names. */
const rows = Array.from({ length: 12 }, (_, i) => {
  const row = healthRow(i + 1) as { prompt: { role: string; content: string }[]; example_tags: string[] };
  if (i % 3 > 0) return row;
  return {
    ...row,
    example_tags: ['theme:hedging'],
    prompt: [{ role: 'user', content: `I have a cough, and my aunt ${MARK}. What should I do? (${i})` }],
  };
});
const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('a recipe uses the part of the data that its filter keeps, and the Data card counts it', async ({
  lab,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open();
  await lab.drop([{ name: 'own.jsonl', text }]);
  const data = lab.card('Data');
  await expect(data).toContainText('12 prompts');
  await data.getByRole('button', { name: 'Filter', exact: true }).press('Enter');
  const themes = data.getByRole('group', { name: 'Themes of the prompts' });
  await expect(themes).toContainText('context seeking 8');
  await expect(data.getByRole('group', { name: 'Axes of the criteria' })).toContainText('accuracy 24');

  await themes.getByRole('checkbox', { name: 'hedging 4' }).press(' ');
  await expect(data).toContainText('1 of 2 themes · 8 prompts filtered out · clear');
  await expect(data).toContainText('4 prompts · 16 criteria');
  await expect(data).toContainText(/4 for training, 0 held out|3 for training, 1 held out/);
  await expect(lab.card('Recipe')).toContainText('themes all → hedging');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await faults(page), `the filter, ${colorScheme}`).toEqual([]);
  }

  // Nothing passes: said at the recipe, and no start.
  await lab.set('Minimum points', '900');
  await expect(lab.card('Recipe').getByRole('alert')).toHaveText(
    'No prompt passes the filter: theme hedging; at least 900 points',
  );
  await expect(page.getByRole('button', { name: 'Start training' })).toBeDisabled();
  await data.getByRole('button', { name: 'clear' }).click();
  await expect(data).toContainText('12 prompts');
  await expect(lab.card('Recipe').getByRole('alert')).toBeHidden();

  await themes.getByRole('checkbox', { name: 'hedging 4' }).check();
  await expect(data).toContainText('8 prompts filtered out');
  await page.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await lab.smallRecipe(1);
  await lab.start();
  await lab.stepsDone(1);
  await lab.tab('Rollouts');
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation).toContainText(MARK);
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press('j');
    await expect(conversation).toContainText(MARK);
  }

  // The link has the filter, also for data that has no such theme until it is opened.
  await page.goto(link);
  await expect(page.getByText('Recipe loaded from a link')).toContainText('themes all → hedging');
});
