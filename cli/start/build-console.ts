import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { takeLock } from './lock.ts';
import { say, sayWhileWaiting } from './say.ts';
import { sourceHash } from './source-hash.ts';
import { StartError } from './start-error.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STAMP = path.join(ROOT, '.next/punctual-sources');

/** Whether `.next` holds a build of exactly these sources. */
export function isConsoleBuilt(): boolean {
  return existsSync(path.join(ROOT, '.next/BUILD_ID')) && stamp() === sourceHash(ROOT);
}

/**
 * Builds the console unless `.next` holds a build of these sources. Of several starts in one checkout one builds, and
 * the others wait for it.
 *
 * @throws StartError with the end of the build's output
 */
export async function buildConsole(stopping: AbortSignal): Promise<void> {
  if (isConsoleBuilt()) return;
  mkdirSync(path.dirname(STAMP), { recursive: true });
  let waiting = false;
  while (!stopping.aborted) {
    const taken = await takeLock(path.join(ROOT, '.next/punctual-build.lock'));
    if (taken.ok) {
      try {
        if (!isConsoleBuilt()) await build(stopping);
        return;
      } finally {
        await taken.lock.release();
      }
    }
    if (!waiting) say(`Waiting for process ${taken.holder.pid}, which builds the console…`);
    waiting = true;
    await pause(250);
  }
}

/** Generates Prisma's client unless it was generated from this very schema. */
export async function generateClient(stopping: AbortSignal): Promise<void> {
  if (isClientGenerated()) return;
  say('Generating the database client…');
  await run('prisma', ['generate'], stopping, "The database client couldn't be generated.");
}

async function build(stopping: AbortSignal): Promise<void> {
  const first = stamp() === null;
  say(`Building the console (${first ? 'first start' : 'its sources changed'}, about 30 s)…`);
  const since = Date.now();
  const enough = sayWhileWaiting('building');
  const hash = sourceHash(ROOT);
  rmSync(STAMP, { force: true });
  try {
    await run('next', ['build'], stopping, "The console couldn't be built.");
  } finally {
    enough();
  }
  // A source that changed meanwhile makes the stamp differ, and the next start builds again.
  writeFileSync(STAMP, hash);
  say(`Built in ${Math.round((Date.now() - since) / 1000)} s.`);
}

async function run(
  program: string,
  args: string[],
  stopping: AbortSignal,
  failure: string,
): Promise<void> {
  const result = await execa(program, args, {
    cwd: ROOT,
    // Puts node_modules/.bin first on the PATH, and with it the Node that the package pins.
    preferLocal: true,
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: stopping,
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (!result.failed || stopping.aborted) return;
  throw new StartError(`${failure}\n${result.all.split('\n').slice(-40).join('\n')}`);
}

// The generated client carries the text of the schema that it was made from, with its columns aligned anew.
function isClientGenerated(): boolean {
  try {
    const schema = readFileSync(path.join(ROOT, 'prisma/schema.prisma'), 'utf8');
    const generated = readFileSync(path.join(ROOT, 'prisma/generated/internal/class.ts'), 'utf8');
    const inline = /"inlineSchema": ("(?:[^"\\]|\\.)*")/.exec(generated)?.[1];
    return inline !== undefined && aligned(JSON.parse(inline) as string) === aligned(schema);
  } catch {
    return false;
  }
}

function aligned(schema: string): string {
  return schema.replaceAll(/\s+/g, ' ').trim();
}

function stamp(): string | null {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}
