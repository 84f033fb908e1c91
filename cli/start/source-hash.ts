import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Everything that the built console is made of. */
const SOURCES = [
  'app',
  'components',
  'core',
  'messages',
  'public',
  'instrumentation.ts',
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'prisma/migration-state.ts',
  'prisma/schema.prisma',
  'proxy.ts',
  'tsconfig.json',
];

/** A hash over the names and contents of the console's sources under `root` (10 ms for 400 files). */
export function sourceHash(root: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) addTo(hash, root, source);
  return hash.digest('hex');
}

function addTo(hash: ReturnType<typeof createHash>, root: string, name: string): void {
  const file = path.join(root, name);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    for (const entry of readdirSync(file).toSorted()) addTo(hash, root, path.join(name, entry));
  } else if (!/\.test\.tsx?$/.test(name)) {
    hash.update(`${name}\0${stat.size}\0`).update(readFileSync(file));
  }
}
