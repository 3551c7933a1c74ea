import { faults } from './faults';
import { expect, test } from './lab';
import { inventedLog, openWithRun } from './storedRun';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility fault on any screen, ${colorScheme}`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lab.open();
    await page.getByRole('button', { name: 'Preview' }).click();
    await lab.smallRecipe(3);
    expect(await faults(page), 'Set up').toEqual([]);
    for (const title of ['Train', 'Rollouts', 'Review', 'Evaluate', 'Checkpoints'] as const) {
      await lab.tab(title);
      await expect(page.getByRole('main')).not.toBeEmpty();
      expect(await faults(page), `${title}, empty`).toEqual([]);
    }
    await lab.tab('Set up');
    await lab.start();
    await lab.stepsDone(2);
    expect(await faults(page), 'Train').toEqual([]);
    await lab.tab('Rollouts');
    await page.getByRole('region', { name: 'Rubric' }).getByRole('listitem').first().click();
    expect(await faults(page), 'Rollouts').toEqual([]);
    await lab.tab('Checkpoints');
    await expect(page.getByRole('region', { name: 'run-1' })).toBeVisible();
    expect(await faults(page), 'Checkpoints').toEqual([]);
  });
}

test('can be used by keyboard alone', async ({ lab, page }) => {
  await lab.open();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('Search actions')).toBeFocused();
  await page.keyboard.type('rollouts');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/rollouts/);
  await expect(page.getByRole('region', { name: 'Conversation' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'Answer #2' })).toBeVisible();
});

for (const width of [800, 390]) {
  test(`scrolls sideways on no screen at ${width} pixels`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await openWithRun(page, 'run-1', inventedLog(20));
    await lab.ready();
    for (const title of ['Set up', 'Train', 'Rollouts', 'Review', 'Evaluate', 'Checkpoints'] as const) {
      await lab.tab(title);
      await expect(page.getByText('Loading').or(page.getByText('checking'))).toHaveCount(0);
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(content, title).toBeLessThanOrEqual(window!);
    }
  });
}
