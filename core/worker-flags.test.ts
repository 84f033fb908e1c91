import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { WORKER_FLAGS } from './worker-flags.ts';

it.each(['package.json', 'deploy/systemd/punctual-worker@.service', 'deploy/compose.yaml'])(
  '%s starts workers with them',
  (file) => {
    const text = readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8');
    expect(text.replaceAll(/,?\s+/g, ' ')).toContain([...WORKER_FLAGS, 'worker/main.ts'].join(' '));
  },
);
