import { expect, LabPage, test } from './lab';

test('a tab that dies in the middle of a step loses no more than the steps since its checkpoint', async ({
  lab,
  page,
  context,
}) => {
  await lab.open();
  await lab.smallRecipe(30);
  await lab.start();
  await lab.stepsDone(3);
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
  await expect.poll(() => page.isClosed()).toBe(true);

  const next = new LabPage(await context.newPage());
  await next.open();
  const offer = next.page.getByRole('region', { name: 'Interrupted run' });
  await expect(offer).toContainText(/was interrupted at step \d+ of 30/);
  await offer.getByRole('button', { name: 'Continue' }).click();
  await next.stepsDone(4);
});

test('a second tab cannot go on with a run that lives in the first', async ({ lab, page, context }) => {
  await lab.open();
  await lab.smallRecipe(30);
  await lab.start();
  await lab.stepsDone(2);
  const second = new LabPage(await context.newPage());
  await second.open();
  await expect(second.page.getByRole('region', { name: 'Interrupted run' })).toHaveCount(0);
  await second.tab('Checkpoints');
  const run = second.page.getByRole('region', { name: 'run-1' });
  await expect(run).toContainText('running');
  await run.getByRole('button', { name: /^Continue from step/ }).click();
  await expect(second.page.getByRole('alert')).toContainText('other tab');
  await page.bringToFront();
  await lab.stepsDone(3);
});

test('offers to go on when the graphics device is lost', async ({ lab, page, browser }) => {
  await lab.open();
  await lab.smallRecipe(30);
  await lab.start();
  await lab.stepsDone(3);
  // Ends the browser's GPU process, and with it every device.
  await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess').catch(() => {});
  await expect(page.getByRole('alert')).toContainText('checkpoint', { timeout: 60_000 });
  const offer = page.getByRole('region', { name: 'Interrupted run' });
  await offer.getByRole('button', { name: 'Continue' }).click();
  await lab.stepsDone(5);
});
