import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8');

/** `section:points`: how many of level 1 and 2 each section of ASVS 5.0.0 has; within a section they are the first ones. */
const POINTS = `
  1.1:2 1.2:9 1.3:11 1.4:3 1.5:2
  2.1:3 2.2:3 2.3:4 2.4:1
  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
  4.1:3 4.2:1 4.3:2 4.4:4
  5.1:1 5.2:3 5.3:2 5.4:3
  6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
  8.1:2 8.2:3 8.3:1 8.4:1
  9.1:3 9.2:4
  10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
  11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
  12.1:3 12.2:2 12.3:4
  13.1:1 13.2:5 13.3:2 13.4:5
  14.1:2 14.2:4 14.3:3
  15.1:3 15.2:3 15.3:7
  16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
  17.1:1 17.2:4 17.3:2
`;

const rows = page
  .split('\n')
  .filter((line) => /^\| \d+\.\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, points = '', asked = '', how = '', where = '']) => ({
    points: points.split(',').map((point) => point.trim()),
    asked,
    how,
    where,
  }));

test('the list has every point of level 2, once', () => {
  const asked = POINTS.trim()
    .split(/\s+/)
    .map((entry) => entry.split(':'))
    .flatMap(([section, count]) =>
      Array.from({ length: Number(count) }, (_, index) => `${section}.${index + 1}`),
    );
  expect(asked).toHaveLength(253);
  expect(rows.flatMap(({ points }) => points).toSorted()).toEqual(asked.toSorted());
});

test('each says how it stands; what is open or yours says why', () => {
  for (const { points, how, where } of rows) {
    const mustSayWhy = how === 'open' || how === 'yours';
    expect({ points, how, where }).toMatchObject({
      how: expect.stringMatching(/^(met|yours|none|open)$/),
      where: mustSayWhy ? expect.stringMatching(/./) : where,
    });
  }
  const counted = (word: string) =>
    rows.filter(({ how }) => how === word).reduce((sum, { points }) => sum + points.length, 0);
  expect(page).toContain(
    `Of 253 points ${counted('met')} are met, ${counted('yours')} yours, ${counted('none')} none, ${counted('open')} open.`,
  );
});

test('the files that it names are there', () => {
  const named = [
    ...page.matchAll(/`((?:app|core|components|worker|tests|docs|deploy)\/[^`\s]+)`/g),
  ];
  const missing = named
    .map(([, file]) => file!)
    .filter((file) => !existsSync(path.join(ROOT, file)));
  expect(named.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});
