import { randomBytes } from 'node:crypto';
import { fresh, jobOf, newJobOf, REASON, runOf, type Seed } from './seeds.ts';
import { makeUser } from './web.ts';

const key = () => randomBytes(32).toString('base64');
const [NEW_KEY, KEY] = [key(), key()];
/** What every command gets: secrets need a key. */
export const COMMAND_ENVIRONMENT = { PUNCTUAL_SECRET_KEY: KEY };

export type CommandTools = {
  /** Where files may be written. */
  folder: string;
  /** Runs a command that has to go well. */
  punctual: (words: string[], input?: string) => Promise<unknown>;
};

/** Every command of `punctual`, as it is typed; one that is missing here fails tests/db/every-command.test.ts. */
export type EveryCommand = {
  /** `admin reset`. */
  name: string;
  /** Makes what it works on. Null: it isn't tried here, `because` of something. */
  words: ((seed: Seed, tools: CommandTools) => Promise<string[]> | string[]) | null;
  because?: string;
  /** What it reads. */
  input?: string;
  environment?: Record<string, string>;
  /** The entry that the trail has afterwards; null: it changes nothing. */
  entry: string | null;
  /** Where it ends with another than 0, on an installation where no worker runs. */
  code?: number;
};

const secretName = () => fresh('SECRET').toUpperCase().replaceAll('-', '_');

async function secretOf({ punctual }: CommandTools): Promise<string> {
  const name = secretName();
  await punctual(['secrets', 'set', name], 'a value of the test');
  return name;
}

export const EVERY_COMMAND: readonly EveryCommand[] = [
  {
    name: 'admin reset',
    words: async () => [(await makeUser(`${fresh('lost')}@example.org`)).email],
    entry: 'user.password_link',
  },
  { name: 'archive list', words: () => [], entry: null },
  {
    name: 'archive off',
    words: null,
    because: 'tests/db/archive.test.ts switches it off, and finds its entry',
    entry: 'archive.place',
  },
  {
    name: 'archive read',
    words: async (seed) => ['--job', (await newJobOf(seed)).key, '--from', '400d'],
    entry: null,
  },
  {
    name: 'archive restore',
    words: null,
    because: 'tests/db/archive.test.ts brings a month back, and finds its entry',
    entry: 'archive.restore',
  },
  { name: 'archive verify', words: () => [], entry: null },
  { name: 'audit head', words: () => ['--json'], entry: null },
  { name: 'audit list', words: () => [], entry: null },
  { name: 'audit verify', words: () => [], entry: null },
  {
    name: 'audit-ticks',
    words: async (seed) => ['--job', (await newJobOf(seed)).key],
    entry: null,
  },
  {
    name: 'backfill',
    words: async (seed) => [(await newJobOf(seed)).key, '--from', '24h', '--reason', REASON],
    entry: 'job.backfill',
  },
  {
    name: 'backup',
    words: (_seed, { folder }) => [`${folder}/${fresh('backup')}.gz`],
    entry: 'installation.backup',
  },
  { name: 'configuration', words: () => [], entry: null },
  { name: 'doctor', words: () => [], entry: null, code: 1 },
  { name: 'ledger', words: async (seed) => [(await newJobOf(seed)).key], entry: null },
  { name: 'logs', words: async (seed) => [String((await runOf(seed)).runId)], entry: null },
  { name: 'next', words: () => ['0 9 * * *'], entry: null },
  { name: 'permissions', words: () => [], entry: null },
  { name: 'ready', words: () => [], entry: null, code: 1 },
  {
    name: 'restore',
    words: null,
    because: 'tests/db/backup.test.ts puts a backup back, and finds its entry',
    entry: 'installation.restore',
  },
  {
    name: 'run',
    words: async (seed) => [(await jobOf(seed)).key, '--note', REASON],
    entry: 'job.trigger',
  },
  { name: 'secrets list', words: () => [], entry: null },
  {
    name: 'secrets remove',
    words: async (_seed, tools) => [await secretOf(tools)],
    entry: 'secret.remove',
  },
  {
    name: 'secrets rotate',
    words: async (_seed, tools) => {
      await secretOf(tools);
      return [];
    },
    environment: { PUNCTUAL_SECRET_KEY: `${NEW_KEY},${KEY}` },
    entry: 'secret.rotate',
  },
  {
    name: 'secrets set',
    words: () => [secretName()],
    input: 'a value of the test',
    // Also where the rotation came before it.
    environment: { PUNCTUAL_SECRET_KEY: `${NEW_KEY},${KEY}` },
    entry: 'secret.add',
  },
  { name: 'why', words: async (seed) => [(await jobOf(seed)).key], entry: null },
];
