import type { Page } from '@playwright/test';
import { expect, test } from './lab';

/** Flips a byte in the largest file of a checkpoint, as a failing disk may. */
const damage = (page: Page, step: number): Promise<void> =>
  page.evaluate(async (step) => {
    const root = await navigator.storage.getDirectory();
    const runs = await root.getDirectoryHandle('runs');
    for await (const run of runs.values()) {
      for await (const folder of (run as FileSystemDirectoryHandle).values()) {
        if (!folder.name.startsWith(`${step}-`)) continue;
        const files: { handle: FileSystemFileHandle; file: File }[] = [];
        for await (const entry of (folder as FileSystemDirectoryHandle).values()) {
          const handle = entry as FileSystemFileHandle;
          files.push({ handle, file: await handle.getFile() });
        }
        const { handle, file } = files.sort((a, b) => b.file.size - a.file.size)[0]!;
        const bytes = new Uint8Array(await file.arrayBuffer());
        bytes[bytes.length >> 1]! ^= 1;
        const writing = await handle.createWritable();
        await writing.write(bytes);
        return writing.close();
      }
    }
    throw new Error(`no checkpoint of step ${step}`);
  }, step);

/** Leaves the only run as a tab does that dies. */
const interrupt = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('autodidact-runs');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const tx = opening.result.transaction('runs', 'readwrite');
          const runs = tx.objectStore('runs');
          const [keys, values] = [runs.getAllKeys(), runs.getAll()];
          values.onsuccess = () => runs.put({ ...values.result[0], status: 'running' }, keys.result[0]!);
          tx.onerror = () => reject(tx.error);
          tx.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );

test('a damaged checkpoint is named, the newest whole one is offered, and the browser is asked not to delete', async ({
  lab,
  page,
}) => {
  await page.addInitScript(() => {
    const persist = navigator.storage.persist.bind(navigator.storage);
    navigator.storage.persist = () => {
      sessionStorage.asked = Number(sessionStorage.asked ?? 0) + 1;
      return persist();
    };
  });
  await lab.open();
  await lab.smallRecipe(6);
  expect(await page.evaluate(() => sessionStorage.asked)).toBeUndefined();
  await lab.start();
  await lab.finished(6);
  // Once, though three checkpoints were saved.
  expect(await page.evaluate(() => sessionStorage.asked)).toBe('1');
  await lab.tab('Checkpoints');
  const promised = await page.evaluate(() => navigator.storage.persisted());
  await expect(page.getByText(/^Used in this browser/)).toContainText(
    promised
      ? 'The browser has promised not to delete it by itself.'
      : 'The browser may delete it when the disk is nearly full: export what you need.',
  );

  await damage(page, 6);
  await interrupt(page);
  await page.reload();
  await lab.tab('Set up');
  await lab.ready();
  const offer = page.getByRole('region', { name: 'Interrupted run' });
  await expect(offer).toContainText('was interrupted at step 6 of 6');
  await expect(offer).toContainText('All steps are saved.');
  await offer.getByRole('button', { name: 'Continue' }).click();

  const refusal = page.getByRole('alert');
  await expect(refusal).toContainText(
    /The checkpoint of step 6 is damaged: its part \w+ has other bytes than were saved\./,
  );
  await expect(refusal).toContainText('Continue from step 4: that checkpoint is the newest whole one.');
  await expect(offer).toContainText('The checkpoint of step 6 is damaged:');
  await expect(offer).toContainText('It continues from step 4 and repeats 2 steps.');
  await lab.tab('Checkpoints');
  const run = page.getByRole('region', { name: 'run-1' });
  await expect(run.getByRole('rowheader', { name: 'step 6, damaged' })).toBeVisible();
  await expect(run.getByRole('button', { name: 'Continue from step 4' })).toBeVisible();

  await offer.getByRole('button', { name: 'Continue' }).click();
  await lab.finished(6);
  await lab.tab('Checkpoints');
  await expect(run.getByRole('rowheader', { name: 'step 6', exact: true })).toBeVisible();
});
