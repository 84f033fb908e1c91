import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LockHolder, takeLock } from './lock.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'punctual-lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function heldBy(holder: Partial<LockHolder>): Promise<void> {
  const given = { pid: deadPid(), host: hostname(), processStart: '1', address: null, ...holder };
  await writeFile(file, JSON.stringify(given));
}

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('the lock of a data folder', () => {
  test('is refused while its holder lives, and says where the console is', async () => {
    const first = await takeLock(file);
    if (!first.ok) throw new Error('not taken');
    await first.lock.announce('http://localhost:3000');
    const second = await takeLock(file);
    expect(second).toMatchObject({
      ok: false,
      holder: { pid: process.pid, address: 'http://localhost:3000' },
    });
    await first.lock.release();
    expect((await takeLock(file)).ok).toBe(true);
  });

  test('is taken from a process that is gone', async () => {
    await heldBy({});
    expect((await takeLock(file)).ok).toBe(true);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  test('is taken where the number belongs to another process now', async () => {
    await heldBy({ pid: process.ppid, processStart: 'of another one' });
    expect((await takeLock(file)).ok).toBe(true);
  });

  test('is taken where a crash left half a file', async () => {
    await writeFile(file, '{"pid": 12');
    expect((await takeLock(file)).ok).toBe(true);
  });

  test("another host's is left alone while it is touched, and taken when it is silent", async () => {
    await heldBy({ host: 'another-host' });
    expect((await takeLock(file)).ok).toBe(false);
    const before = new Date(Date.now() - 31_000);
    await utimes(file, before, before);
    expect((await takeLock(file)).ok).toBe(true);
  });

  test('of twenty who find the same stale lock one gets it', async () => {
    await heldBy({});
    const takers = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
    expect(takers.filter((taker) => taker.ok)).toHaveLength(1);
  });
});
