import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { healthFile } from './healthData';
import { expect, test } from './lab';
import { unzip } from './zip';

test('drop a file, train, read, pause, reload, go on, export, and open the export again', async ({ lab, page }) => {
  test.setTimeout(900_000);
  await lab.open();
  await lab.drop([{ name: 'own.jsonl', text: healthFile(30) }]);
  const data = lab.card('Data');
  await expect(data.getByText('own.jsonl')).toBeVisible();
  await expect(data.getByText(/30 prompts/)).toBeVisible();
  await expect(data.getByText('ready', { exact: true })).toBeVisible();

  await lab.smallRecipe(200);
  await page.getByLabel('Trained weights', { exact: true }).selectOption('lora');
  await expect(page.getByRole('region', { name: 'Memory' })).toContainText('of graphics memory');
  await lab.start();

  // Answers can be read while they are written, and each criterion as it is graded.
  const live = page.getByRole('region', { name: 'Live step' });
  await expect(live.getByRole('listitem')).toHaveCount(4);
  await expect(live).toContainText(/answer 1\s*\d+ tokens?/);
  await expect(live.getByRole('img', { name: /\d (met|not met|avoided|harm)/ }).first()).toBeVisible();

  // Charts move: the line of the reward is another one after every step.
  await lab.stepsDone(2);
  const line = page.getByRole('region', { name: 'Reward', exact: true }).locator('svg path').last();
  const before = await line.getAttribute('d');
  expect(before).toMatch(/^M/);
  await lab.stepsDone(5);
  expect(await line.getAttribute('d')).not.toBe(before);
  await expect(page.getByRole('region', { name: 'Answer length' }).locator('svg path').first()).toBeVisible();

  await page.getByRole('button', { name: 'More about Reward', exact: true }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download image (PNG)' }).click();
  const picture = readFileSync(await (await saved).path());
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.length).toBeGreaterThan(4000);

  // A click on a chart opens the answers of its step.
  const chart = page.getByRole('slider', { name: /^Reward by step/ });
  const box = (await chart.boundingBox())!;
  await page.mouse.click(box.x + 50, box.y + box.height / 2);
  await expect(page).toHaveURL(/#\/rollouts\/[^/]+\/1$/);
  await expect(page.getByRole('region', { name: 'Answers' }).getByRole('listitem')).toHaveCount(4);
  const rubric = page.getByRole('region', { name: 'Rubric' });
  await expect(rubric.getByRole('listitem')).toHaveCount(4);
  await expect(rubric.getByText(/^\s*(met|not met|harm|avoided|ungraded)\s*$/)).toHaveCount(4);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/#\/rollouts\/[^/]+\/1\/\d+\/\d+$/);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeEnabled({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeEnabled({ timeout: 120_000 });
  await lab.stepsDone(1);
  const done = await lab.steps();

  await page.goto('/');
  await page.reload();
  await lab.ready();
  const offer = page.getByRole('region', { name: 'Interrupted run' });
  await expect(offer).toContainText(`was interrupted at step ${done} of 200`);
  await expect(offer).toContainText('All steps are saved');
  await offer.getByRole('button', { name: 'Continue' }).click();
  await lab.stepsDone(done + 2);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toBeHidden({ timeout: 120_000 });
  const last = await lab.steps();

  await lab.tab('Checkpoints');
  const run = page.getByRole('region', { name: 'run-1' });
  await expect(run).toContainText('stopped, can continue');
  await expect(run.getByRole('rowheader', { name: `step ${last}`, exact: true })).toBeVisible();

  const folder = mkdtempSync(join(tmpdir(), 'autodidact-e2e-'));
  try {
    const save = async (item: RegExp) => {
      await run.getByRole('button', { name: 'Export' }).click();
      const download = page.waitForEvent('download', { timeout: 120_000 });
      await page.getByRole('menuitem', { name: item }).click();
      const file = await download;
      const path = join(folder, file.suggestedFilename());
      await file.saveAs(path);
      return readFileSync(path);
    };
    const metrics = (await save(/^Metrics \(JSONL/))
      .toString()
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(metrics.map(({ step }) => step)).toEqual(metrics.map((_, i) => i + 1));
    expect(metrics).toHaveLength(last);
    expect(metrics.every(({ reward, loss }) => Number.isFinite(reward) && Number.isFinite(loss))).toBe(true);
    const answers = (await save(/^Answers and grades/)).toString().trim().split('\n');
    expect(answers).toHaveLength(last * 2 * 4);
    const adapter = unzip(await save(/^Adapter/));
    const adapterFolder = mkdtempSync(join(folder, 'adapter-'));
    for (const [name, bytes] of adapter) writeFileSync(join(adapterFolder, basename(name)), bytes);
    expect([...adapter.keys()].map((name) => basename(name))).toEqual(
      expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors']),
    );

    const model = unzip(await save(/^Model/));
    const modelFolder = mkdtempSync(join(folder, 'model-'));
    for (const [name, bytes] of model) writeFileSync(join(modelFolder, basename(name)), bytes);
    await lab.tab('Set up');
    // The adapter goes onto the open model, which is its base.
    await page.getByLabel('Open folder…').last().setInputFiles(adapterFolder);
    await expect(lab.card('Model')).toContainText(/With an adapter of rank \d+ made for Built-in tiny/, {
      timeout: 120_000,
    });
    await expect(lab.card('Model').getByText('ready', { exact: true })).toBeVisible();
    await page.getByLabel('Open folder…').last().setInputFiles(modelFolder);
    await expect(lab.card('Model').getByText('ready', { exact: true })).toBeVisible({ timeout: 120_000 });
    await expect(lab.card('Model').getByRole('button', { name: 'Built-in model' })).toBeVisible();
    await expect(lab.card('Model')).toContainText('parameters');
    await expect(lab.card('Model')).not.toContainText('With an adapter');

    await lab.tab('Checkpoints');
    await run.getByRole('button', { name: `Actions for the checkpoint of step ${last}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(run.getByRole('rowheader', { name: `step ${last}`, exact: true })).toHaveCount(0);
    await run.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await run.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
