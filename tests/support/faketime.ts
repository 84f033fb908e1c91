import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A clock for a process's environment that can be moved while the process runs. */
export type FakeTime = {
  environment: Readonly<Record<string, string>>;
  /** So many ms off the host's clock from now on. */
  move(byMs: number): void;
  remove(): void;
};

const PLACES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
];

/** By libfaketime, as Debian packages it; null where this machine doesn't have it. */
export function fakeTime(): FakeTime | null {
  const library = PLACES.find((place) => existsSync(place));
  if (!library || process.env['PUNCTUAL_NO_FAKETIME']) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-clock-'));
  // A server that root starts runs as another user.
  chmodSync(folder, 0o711);
  const file = path.join(folder, 'offset');
  const move = (byMs: number) => {
    const offset = `${byMs < 0 ? '-' : '+'}${Math.abs(byMs / 1000).toFixed(3)}\n`;
    writeFileSync(file, offset, { mode: 0o644 });
  };
  move(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DISABLE_SHM: '1',
      // What counts how long something took goes on evenly when a clock is set.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    move,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
