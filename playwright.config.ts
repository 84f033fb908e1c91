import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { browserExecutable } from './tests/support/browser.ts';

const executablePath = await browserExecutable();

// Consoles and workers start some sixty times: compiled before, each takes less of the processor.
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules/.cache/node');

// A real console, built, with a real worker and a database of its own: tests/support/e2e-setup.ts and the fixtures.
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/support/e2e-setup.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  // Journeys mostly wait: two of them left half of two cores idle.
  workers: 3,
  // A loaded machine makes a page slow, and a click early; what fails twice is broken. `flaky` is told at the end.
  retries: 1,
  forbidOnly: Boolean(process.env['CI']),
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        // Chromium refuses its sandbox to root; anybody else keeps it.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
});
