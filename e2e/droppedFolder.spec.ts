import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './lab';

test('a model is called by the folder that was dropped', async ({ lab, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-e2e-'));
  try {
    const model = join(folder, 'Our-Own-1M');
    cpSync('public/models/tiny', model, { recursive: true });
    await lab.open();
    const data = { items: [], files: [model], dragOperationsMask: 1 };
    const session = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    const card = lab.card('Model');
    await expect(card.getByText('Our-Own-1M', { exact: true })).toBeVisible({ timeout: 120_000 });
    await expect(card.getByText('ready', { exact: true })).toBeVisible();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
