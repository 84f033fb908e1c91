import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { causeOfStart } from './exit-cause.ts';

let folder: string;
let open: string;
let closed: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'punctual-path-'));
  [open, closed] = [path.join(folder, 'open'), path.join(folder, 'closed')];
  mkdirSync(open);
  mkdirSync(closed);
  writeFileSync(path.join(open, 'plain'), 'no program', { mode: 0o644 });
  chmodSync(closed, 0o000);
});
afterAll(() => {
  chmodSync(closed, 0o700);
  rmSync(folder, { recursive: true });
});

// What the system says where some folder of the PATH can't be entered and no other has the program.
const refused = Object.assign(new Error('spawn EACCES'), { code: 'EACCES' });
const causeIn = (program: string, ...folders: string[]) =>
  causeOfStart(refused, program, { cwd: folder, searched: folders.join(path.delimiter) });

test('a program that is in no folder of the PATH is missing, whatever the system says', async () => {
  expect(await causeIn('absent', open, '/no/such/folder')).toBe(
    "there is no program absent in the worker's PATH",
  );
});

test('control: one that is there and isn’t executable may not be started', async () => {
  expect(await causeIn('plain', '/no/such/folder', open)).toMatch(/may not start plain/);
  expect(await causeIn(path.join(open, 'plain'), open)).toMatch(/may not start/);
});

// Nothing is closed to root.
test.skipIf(process.getuid?.() === 0)('it says which folders can’t be entered', async () => {
  expect(await causeIn('absent', closed, open)).toBe(
    `there is no program absent in the worker's PATH, of which its user may not enter ${closed}`,
  );
});
