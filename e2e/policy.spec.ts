import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as plain } from '@playwright/test';
import { asSources, tinyConfig, tinyFolder } from '../src/formats/test/testModel';
import { expect, test } from './lab';

// Without the lab's own check: these requests are meant to be refused, and the console says so.
plain(
  'the page may talk to nobody, a worker to no plain address elsewhere, and both are isolated',
  async ({ page }) => {
    await page.goto('/');
    await expect(page.getByText('ready', { exact: true })).toHaveCount(4, { timeout: 120_000 });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const blocked = await page.evaluate(async () => {
      const said = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective)),
      );
      await fetch('https://elsewhere.example/').catch(() => {});
      return said;
    });
    expect(blocked).toBe('connect-src');
    const [worker] = page.workers();
    const refused = await worker!.evaluate(async () => {
      const said = new Promise<string>((resolve) =>
        self.addEventListener('securitypolicyviolation', (event) =>
          resolve((event as SecurityPolicyViolationEvent).effectiveDirective),
        ),
      );
      await fetch('http://elsewhere.example/').catch(() => {});
      return said;
    });
    expect(refused).toBe('connect-src');
  },
);

test('a model in ONNX Runtime grades a run within the policy', async ({ lab, page }, info) => {
  const folder = info.outputPath('judge');
  mkdirSync(folder, { recursive: true });
  const fixture = 'src/grading/onnx/fixtures/onnx';
  for (const name of ['config.json', 'model.onnx', 'model.onnx_data'])
    copyFileSync(join(fixture, name), join(folder, name));
  for (const source of await asSources(tinyFolder(tinyConfig()))) {
    if (!source.name.includes('tokenizer')) continue;
    writeFileSync(join(folder, source.name.split('/').at(-1)!), await source.read(0, source.size));
  }
  await lab.open();
  await lab.smallRecipe(1);
  await lab.set('Answers per prompt', '2');
  await lab.set('Prompts per step', '1');
  await page.getByLabel('Grader', { exact: true }).selectOption('Teacher');
  const picker = page.getByRole('region', { name: 'Teacher', exact: true });
  await picker.getByLabel('Kind of teacher').selectOption('ONNX model folder');
  await picker.getByLabel('Choose folder…').last().setInputFiles(folder);
  await expect(picker).toContainText('model.onnx, 0 MB');
  await lab.start();
  await lab.finished(1);
  await expect(page.getByText(/graded by judge/).first()).toBeVisible();
  // The model of the fixture has too short a context for our prompt: it was opened and run once, and says so of every
  // criterion.
  await lab.tab('Rollouts');
  await expect(page.getByText(/there is room for \d+/)).not.toHaveCount(0);
});
