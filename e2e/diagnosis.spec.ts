import { withoutWebGpu } from './browser';
import { expect, test } from './lab';
import { openWithRun, recordedLog } from './storedRun';

const FIXTURES = 'src/diagnosis/fixtures';

// What is kept can be read without a graphics card.
test.use({ launchOptions: withoutWebGpu });

test('names the phrase that a flawed grader liked in a recorded run, with step, numbers, cause and a way to the answers', async ({
  page,
}) => {
  await openWithRun(page, 'flawed', recordedLog(`${FIXTURES}/planted.jsonl`), { address: '/#/train' });
  const health = page.getByRole('region', { name: 'Health' });
  await expect(health).toContainText('problem: “i hope this helps” is in');
  await health.locator('summary').first().click();
  const finding = health.getByRole('article').first();
  await expect(finding).toContainText('Likely cause. Answers to the same prompt get');
  await expect(finding).toContainText('What to try');
  await expect(finding).toContainText('in 100 % of answers (at most 17 % at first)');
  await expect(finding).toContainText(/Reward .* → /);
  await expect(finding).toContainText(
    /on \d+ % of the criteria that distinguish them, since step 11: the grader rewards the words, not the content\./,
  );
  await finding.getByRole('link', { name: 'step 20' }).click();
  await expect(page).toHaveURL(/#\/rollouts\/flawed\/20$/);
});

test('says of a run that learns that nothing is wrong', async ({ page }) => {
  await openWithRun(page, 'sound', recordedLog(`${FIXTURES}/clean.jsonl`), { address: '/#/train' });
  await expect(page.getByRole('region', { name: 'Health' })).toContainText('no problems found');
  // The checks of the grader have charts of their own.
  const checks = page.getByRole('region', { name: 'Is the grader right?' });
  await expect(checks.getByRole('region', { name: 'Control answers' })).toBeVisible();
});
