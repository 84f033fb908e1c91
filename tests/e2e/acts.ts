import { expect, type Page } from '@playwright/test';

/** Triggers the job on its page and opens the run that this makes. */
export async function triggerAndOpenRun(page: Page, key: string): Promise<void> {
  await page.goto(`/jobs/${key}`);
  await page.getByRole('button', { name: 'Trigger', exact: true }).click();
  await page.getByRole('button', { name: 'Open the run' }).click();
  await page.waitForURL(/\/runs\/\d+$/);
}

/** The sentence under the title of a page: how it is. */
export function sentence(page: Page) {
  return page.locator('main header p').first();
}

/** Waits until the page says so by itself: nothing is reloaded. */
export async function expectSentence(page: Page, words: RegExp): Promise<void> {
  await expect(sentence(page)).toContainText(words, { timeout: 15_000 });
}
