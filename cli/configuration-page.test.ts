import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { configurationPage } from './configuration-page.ts';

const PAGE = path.resolve(import.meta.dirname, '../docs/configuration.md');

test('docs/configuration.md says what the schema of the environment says', async () => {
  // When this fails: npm run -s punctual -- configuration > docs/configuration.md
  expect(await readFile(PAGE, 'utf8')).toBe(configurationPage());
});
