import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Check } from './check.ts';
import { CHECKS } from './checks.ts';
import { englishHealthWords } from './english.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/health.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z_]+)`( \\?\*)? +\|[^|]+\|([^|]+)\|([^|]+)\|$/gm)].map(
  ([, name, star, warn, bad]) => [name, star !== undefined, warn!.trim(), bad!.trim()],
);

test('docs/health.md describes every check with its lines, in the order of their weight', () => {
  const words = englishHealthWords();
  const line = ({ unit, worse }: Check, at: number | null) =>
    at === null ? '–' : `${worse} ${words.number(unit, at)}`.replaceAll(/[\u00a0\u202f]/g, ' ');
  const said = CHECKS.map((check: Check) => [
    check.name,
    check.isReadiness ?? false,
    line(check, check.warnAt),
    line(check, check.badAt),
  ]);
  expect(rows).toEqual(said);
});
