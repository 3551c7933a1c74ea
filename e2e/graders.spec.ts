import { readFileSync } from 'node:fs';
import { chatServer, completion } from '../src/grading/endpoint/test/testServer';
import { expect, type LabPage, test } from './lab';
import { storedData } from './storedData';
import { unzip } from './zip';

const KEY = 'sk-of-the-spec-4711';
const headline = (lab: LabPage) => lab.page.getByRole('region', { name: 'Numbers' });

/** What the run's export gives. */
async function exported(lab: LabPage, item: RegExp): Promise<Buffer> {
  await lab.tab('Checkpoints');
  await lab.page.getByRole('region', { name: /^run-/ }).first().getByRole('button', { name: 'Export' }).click();
  const download = lab.page.waitForEvent('download', { timeout: 120_000 });
  await lab.page.getByRole('menuitem', { name: item }).click();
  return readFileSync(await (await download).path());
}

const rewardsOf = async (lab: LabPage): Promise<number[]> =>
  (await exported(lab, /^Metrics \(JSONL/))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).reward);

test('the frozen grader grades a run, and is named beside the reward', async ({ lab }) => {
  await lab.open();
  await lab.smallRecipe(3);
  await lab.page.getByLabel('Grader', { exact: true }).selectOption('Frozen starting model');
  await lab.start();
  await lab.finished(3);
  await expect(headline(lab)).toContainText(/Reward.*graded by the frozen grader/);
  await expect(lab.page.getByText(/4 answers per step · graded by the frozen grader/)).toBeVisible();
  const lines = (await exported(lab, /^Answers and grades/)).toString().trim().split('\n');
  expect(new Set(lines.map((line) => JSON.parse(line).grader))).toEqual(new Set(['frozen, verdict']));
});

test('a service grades a run: its requests and cost are shown, and its key and address are kept nowhere', async ({
  lab,
  page,
}) => {
  const server = await chatServer((_, __, call) =>
    completion(JSON.stringify({ explanation: 'Because.', criteria_met: call % 3 !== 0 })),
  );
  try {
    lab.mayAsk.add(new URL(server.url).origin);
    await lab.open();
    await lab.smallRecipe(2);
    await page.getByLabel('Grader', { exact: true }).selectOption('Teacher');
    await expect(page.getByRole('alert')).toContainText('No teacher is given');
    const picker = page.getByRole('region', { name: 'Teacher', exact: true });
    await picker.getByLabel('Address').fill(server.url);
    await picker.getByLabel('Model').fill('judge-of-the-spec');
    await picker.getByLabel('API key').fill(KEY);
    await picker.getByLabel('Price per million input tokens').fill('2');
    await picker.getByLabel('Price per million output tokens').fill('10');
    await picker.getByRole('button', { name: 'Use this teacher' }).click();
    await expect(picker).toContainText('judge-of-the-spec · with a key');
    await expect(page.getByRole('contentinfo')).toContainText(`are sent to ${new URL(server.url).host} for grading`);

    await lab.start();
    await lab.finished(2);
    await expect(headline(lab)).toContainText(/Reward.*graded by judge-of-the-spec/);
    const asked = server.seen.requests.length;
    expect(asked).toBeGreaterThan(16);
    const cost = (asked * (100 * 2 + 10 * 10)) / 1e6;
    await expect(headline(lab)).toContainText(`${asked} requests · ${(110 * asked).toLocaleString('en')} tokens`);
    await expect(headline(lab)).toContainText(`Teacher cost ${cost.toFixed(cost >= 0.1 ? 2 : 3)}`);
    expect(server.seen.headers.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
    expect(new Set(server.seen.requests.map(({ model }) => model))).toEqual(new Set(['judge-of-the-spec']));

    const kept = await storedData(page);
    expect(kept, 'what is kept is looked through').toContain('judge-of-the-spec');
    expect(kept.includes(KEY), 'the key is kept').toBe(false);
    const { host } = new URL(server.url);
    expect(kept.includes(host), 'the address is kept').toBe(false);
    const everything = unzip(await exported(lab, /^Everything/));
    expect(everything.size).toBeGreaterThan(4);
    expect([...everything.values()].some((file) => file.includes('judge-of-the-spec'))).toBe(true);
    for (const [name, file] of everything) expect(file.includes(KEY) || file.includes(host), name).toBe(false);
    for (const item of [/^Metrics \(CSV/, /^Metrics \(JSONL/, /^Answers and grades/])
      expect((await exported(lab, item)).includes(KEY), String(item)).toBe(false);

    // The link has neither key nor address.
    await lab.tab('Set up');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByText('Link copied, without the teacher.')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const said = Buffer.from(link.split('/').at(-1)!, 'base64url').toString();
    expect(said).toContain('"grader.kind":"teacher"');
    expect(said).not.toMatch(/127\.0\.0\.1|judge-of|sk-of/);

    // A teacher that is open can be asked by another recipe, key and all.
    await page.getByRole('combobox', { name: 'Recipe', exact: true }).selectOption('Self-rewarding');
    await page.getByLabel('Grader', { exact: true }).selectOption('Teacher');
    await expect(lab.card('Recipe').getByRole('alert')).toContainText('No teacher is given');
    await picker.getByRole('button', { name: 'use it' }).click();
    await expect(lab.card('Recipe').getByRole('alert')).toHaveCount(0);
    await expect(picker).toContainText('judge-of-the-spec · with a key');

    // A recipe that asks nobody else, then an evaluation that does.
    await page.getByLabel('Grader', { exact: true }).selectOption('Frozen starting model');
    await expect(page.getByRole('contentinfo')).toContainText('Nothing is sent anywhere');
    await lab.tab('Evaluate');
    await page.getByLabel('Graded by', { exact: true }).selectOption('teacher');
    await expect(page.getByRole('contentinfo')).toContainText(`are sent to ${new URL(server.url).host} for grading`);
  } finally {
    await server.close();
  }
});

test('recorded grades stand in for the grader that gave them', async ({ lab, page }) => {
  await lab.open();
  await lab.smallRecipe(2);
  await lab.start();
  await lab.finished(2);
  const rewards = await rewardsOf(lab);
  const grades = await exported(lab, /^Answers and grades/);
  await lab.tab('Set up');
  await page.getByLabel('Grader', { exact: true }).selectOption('Teacher');
  const picker = page.getByRole('region', { name: 'Teacher', exact: true });
  await picker.getByLabel('Kind of teacher').selectOption('Recorded grades (JSONL)');
  await picker.getByLabel('Choose file…').last().setInputFiles({
    name: 'grades.jsonl',
    mimeType: 'application/jsonl',
    buffer: grades,
  });
  await expect(picker).toContainText('grades.jsonl · 16 graded answers');
  await expect(lab.card('Recipe')).toContainText(
    'Changed from your last run, run-1: grader current model → teacher; teacher none → grades.jsonl',
  );
  await lab.start();
  await lab.finished(2);
  await expect(headline(lab)).toContainText(/Reward.*graded by grades\.jsonl/);
  // The same seed and the same grades give the same answers, so the file has all of them.
  expect(await rewardsOf(lab)).toEqual(rewards);
});
