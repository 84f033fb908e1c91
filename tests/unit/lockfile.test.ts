import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

type Locked = { version?: string; optionalDependencies?: Record<string, string> };
type Lockfile = { packages: Record<string, Locked> };

const LOCKFILE = path.resolve(import.meta.dirname, '../../package-lock.json');

// npm leaves out what the registry didn't serve while it wrote the file, and `npm ci` then refuses the file as out of
// step, on every platform. Each one left out needs an entry with version, os, cpu, libc and "optional": true.
test('the lockfile names the packages of every platform, so that npm ci takes it', () => {
  const { packages } = JSON.parse(readFileSync(LOCKFILE, 'utf8')) as Lockfile;
  const locked = new Set(Object.keys(packages).map((key) => key.split('node_modules/').at(-1)));
  const missing = Object.values(packages)
    .flatMap((each) => Object.keys(each.optionalDependencies ?? {}))
    .filter((name) => !locked.has(name));
  expect([...new Set(missing)]).toEqual([]);
});
