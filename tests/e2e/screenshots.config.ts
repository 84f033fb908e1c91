import base from '../../playwright.config.ts';

// `npm run screenshots`: every screen in both themes on a desk and on a phone, into docs/screenshots/.
export default {
  ...base,
  testDir: '.',
  testMatch: 'screenshots.ts',
  globalSetup: '../support/e2e-setup.ts',
  outputDir: '../../test-results',
  timeout: 900_000,
  workers: 1,
};
