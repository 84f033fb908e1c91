import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { chromium } from '@playwright/test';

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browser for the journeys: the one that Playwright installed (undefined), else one of the system, else the one
 * that comes as an npm package.
 */
export async function browserExecutable(): Promise<string | undefined> {
  if (existsSync(chromium.executablePath())) return undefined;
  return SYSTEM_BROWSERS.find((file) => existsSync(file)) ?? (await sparticuz.executablePath());
}
