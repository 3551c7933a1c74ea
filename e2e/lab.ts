import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** What a person does with the lab, in words. */
export class LabPage {
  /** Origins other than the page's own that a test has it ask, such as that of a teacher. */
  readonly mayAsk = new Set<string>();

  constructor(readonly page: Page) {}

  card(title: 'Device' | 'Model' | 'Data' | 'Recipe'): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    await this.ready();
  }

  /** All four cards are ready: the built-in model and the sample are there without a touch. */
  async ready(): Promise<void> {
    for (const title of ['Device', 'Model', 'Data', 'Recipe'] as const) {
      await expect(this.card(title).getByText('ready', { exact: true })).toBeVisible({ timeout: 120_000 });
    }
  }

  async tab(title: 'Set up' | 'Train' | 'Rollouts' | 'Review' | 'Evaluate' | 'Checkpoints'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: title }).click();
  }

  async set(label: string, value: string): Promise<void> {
    const field = this.page.getByLabel(label, { exact: true });
    await field.fill(value);
    await field.blur();
  }

  /** Small enough for a software adapter. */
  async smallRecipe(steps: number): Promise<void> {
    await this.set('Answers per prompt', '4');
    await this.set('Prompts per step', '2');
    await this.set('Max answer length', '24');
    await this.set('Steps', String(steps));
    await this.page.getByRole('button', { name: 'More settings' }).click();
    await this.set('Save a checkpoint every', '2');
  }

  async start(): Promise<void> {
    await this.page.getByRole('button', { name: 'Start training' }).click();
  }

  /** Waits until so many steps of the shown run are done. */
  async stepsDone(count: number): Promise<void> {
    await this.tab('Train');
    await expect.poll(() => this.steps(), { timeout: 240_000, intervals: [500] }).toBeGreaterThanOrEqual(count);
  }

  /** Waits until the shown run has made so many steps and ended. */
  async finished(steps: number): Promise<void> {
    await this.stepsDone(steps);
    await expect(this.page.getByRole('region', { name: 'Run', exact: true })).toBeHidden({ timeout: 120_000 });
  }

  /** Steps done, as Train says. */
  async steps(): Promise<number> {
    const line = this.page.getByText(/\d+ steps? done/);
    if ((await line.count()) === 0) return 0;
    return Number(/(\d+) steps? done/.exec((await line.textContent()) ?? '')?.[1] ?? 0);
  }

  /** Drops files onto the window, as from a file manager. */
  async drop(files: readonly { name: string; text: string }[]): Promise<void> {
    await this.page.evaluate((dropped) => {
      const transfer = new DataTransfer();
      for (const { name, text } of dropped) transfer.items.add(new File([text], name));
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }
    }, files);
  }
}

/**
 * A fresh browser profile with the lab in it. Errors that nobody caught fail the test, and so does a request to
 * anywhere else.
 */
export const test = base.extend<{ lab: LabPage }>({
  lab: async ({ page, baseURL }, use) => {
    const lab = new LabPage(page);
    const errors: string[] = [];
    // Nothing is sent anywhere: every request goes to where the page came from.
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== baseURL && !lab.mayAsk.has(origin) && protocol !== 'blob:' && protocol !== 'data:')
        errors.push(`asked for ${request.url()}`);
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /script-src|Content Security/.test(message.text())) errors.push(message.text());
    });
    // Leaving while it trains asks first; the tests mean it.
    page.on('dialog', (dialog) => dialog.accept());
    await use(lab);
    expect(errors).toEqual([]);
  },
});

export { expect };
