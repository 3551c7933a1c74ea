import { chromium } from '@playwright/test';
import { withoutWebGpu } from './browser';
import { expect, LabPage, test } from './lab';

test('says what is missing and what to do, and lets a person look around', async ({ baseURL }) => {
  const browser = await chromium.launch(withoutWebGpu);
  try {
    const page = await browser.newPage({ baseURL });
    const lab = new LabPage(page);
    await page.goto('/');
    const device = lab.card('Device');
    await expect(device.getByText('problem', { exact: true })).toBeVisible();
    await expect(device.getByRole('alert')).toContainText('WebGPU');
    await expect(device.getByRole('listitem').first()).toContainText('settings');
    await expect(page.getByRole('button', { name: 'Start training' })).toBeDisabled();
    await expect(page.getByText('Training needs WebGPU')).toBeVisible();

    await lab.tab('Rollouts');
    await expect(page.getByText('An example, written by hand.')).toBeVisible();
    await lab.tab('Checkpoints');
    await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  } finally {
    await browser.close();
  }
});
