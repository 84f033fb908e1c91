import { z } from 'zod';
import { readKeys } from './secrets/secret-keys.ts';
import { ARCHIVE_VARIABLES, incompleteArchive } from './archive/archive-environment.ts';
import { incompleteProvider, PROVIDER_VARIABLES } from './auth/provider-environment.ts';

const duration = (fallback: number, meaning: string, least = 1) =>
  z.coerce
    .number({ error: 'a whole number of milliseconds' })
    .int('a whole number of milliseconds')
    .min(least, `at least ${least} (milliseconds)`)
    .max(86_400_000, 'at most 86400000 (one day, in milliseconds)')
    .default(fallback)
    .describe(meaning);

const list = (meaning: string) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .describe(meaning);

// A hash isn't part of it: a # in a password has to be written %23.
function isMailServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, hash, username, password } = new URL(text);
  return (
    (protocol === 'smtp:' || protocol === 'smtps:') &&
    hostname !== '' &&
    hash === '' &&
    [username, password].every(isDecodable)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Every variable that Punctual reads, with its default and meaning. docs/configuration.md is made from this
 * schema (`npm run punctual -- configuration`), and a test holds the two together.
 */
export const Environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address that begins with postgres:// or postgresql://')
    .describe(
      'PostgreSQL 15 or later. Without it `npm start` runs an embedded PostgreSQL 18 in the data folder.',
    ),
  PUNCTUAL_OWNER_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address that begins with postgres:// or postgresql://')
    .optional()
    .describe(
      'The same database as another role, which owns its tables: with it migrations and restores run, and the role of DATABASE_URL can’t change the audit trail. docs/audit.md says how to make both. The embedded database has both by itself.',
    ),
  PUNCTUAL_DIRECT_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address that begins with postgres:// or postgresql://')
    .optional()
    .describe(
      'The same database, role included, past the pooler, where DATABASE_URL leads through one that lends a session for a transaction (PgBouncer with pool_mode = transaction). docs/operations.md says what goes where.',
    ),
  PUNCTUAL_NAMED_STATEMENTS: z
    .enum(['on', 'off'], { error: 'on or off' })
    .default('on')
    .describe(
      'Whether statements through DATABASE_URL get names, so that a session plans each once. Off behind PgBouncer before 1.21, which gives the statements of one session to another.',
    ),
  PUNCTUAL_DATA_DIR: z
    .string()
    .min(1, 'a folder')
    .default('.punctual')
    .describe(
      'Folder of the embedded database, the generated `auth-secret` and `secret-key`, the logs and the lock of `npm start`.',
    ),
  PORT: z.coerce
    .number({ error: 'a port from 1 to 65535' })
    .int('a port from 1 to 65535')
    .min(1, 'a port from 1 to 65535')
    .max(65_535, 'a port from 1 to 65535')
    .optional()
    .describe(
      'Port of the console. Without it: 3000; `npm start` takes the next one that is free.',
    ),
  HOST: z
    .string()
    .min(1, 'an address to listen on')
    .default('127.0.0.1')
    .describe('Address that the console listens on; 0.0.0.0 opens it to the network.'),
  PUNCTUAL_URL: z
    .url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
    .optional()
    .describe(
      'Address at which people reach the console, when it stands behind a proxy. With https:// cookies are secure. Workers need it too, for the links in messages.',
    ),
  PUNCTUAL_AUTH_SECRET: z
    .string()
    .min(32, 'at least 32 random characters, for example from `openssl rand -base64 32`')
    .optional()
    .describe(
      'Signs sessions. Made on the first `npm start` and kept in the data folder; web processes on several hosts must share it.',
    ),
  PUNCTUAL_SECRET_KEY: z
    .string()
    .refine(
      (text) => (readKeys(text)?.length ?? 0) > 0,
      'keys of 32 random bytes in base64 or hexadecimal, separated by commas, for example from `openssl rand -base64 32`',
    )
    .optional()
    .describe(
      'Seals secrets. Made on the first `npm start` with the embedded database and kept in the data folder; every process of an installation needs the same. Several, separated by commas, newest first: see docs/secrets.md.',
    ),
  PUNCTUAL_ADMIN_EMAIL: z
    .email('an e-mail address')
    .optional()
    .describe('With PUNCTUAL_ADMIN_PASSWORD: the first admin, instead of a one-time link.'),
  PUNCTUAL_ADMIN_PASSWORD: z
    .string()
    .min(12, 'at least 12 characters')
    .max(128, 'at most 128 characters')
    .optional()
    .describe('Password of that first admin.'),
  PUNCTUAL_SIGN_UP_LINK_MS: duration(
    900_000,
    'How long the first admin’s link can be used.',
    1_000,
  ),
  PUNCTUAL_SMTP_URL: z
    .string()
    .refine(
      isMailServer,
      'an address such as smtp://name:password@mail.example.org:587, or one with smtps://',
    )
    .optional()
    .describe(
      'Server that takes the mail, as smtp://name:password@host:587 (TLS by STARTTLS, which a password needs) or smtps://…:465. Without it nothing goes out by mail.',
    ),
  PUNCTUAL_MAIL_FROM: z
    .string()
    .regex(
      /^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/,
      'an e-mail address, such as punctual@example.org or Punctual <punctual@example.org>',
    )
    .optional()
    .describe(
      'Sender of that mail: an address, or `Name <address>`. Needed with PUNCTUAL_SMTP_URL.',
    ),
  ...PROVIDER_VARIABLES,
  ...ARCHIVE_VARIABLES,
  PUNCTUAL_WORKER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits, dots, underscores and hyphens')
    .optional()
    .describe('Name that a worker shows. Without it: the host’s name and the process id.'),
  PUNCTUAL_WORKER_SLOTS: z.coerce
    .number({ error: 'a whole number' })
    .int('a whole number')
    .min(1, 'at least 1')
    .max(10_000, 'at most 10000')
    .default(20)
    .describe('How many runs a worker executes at once.'),
  PUNCTUAL_WORKER_QUEUES: list('Queues that a worker serves, separated by commas. Empty: all.'),
  PUNCTUAL_WORKER_LABELS: list(
    'Labels of a worker, as key=value separated by commas, for jobs that ask for them.',
  ).refine(
    (labels) => labels.every((label) => /^[^=]+=[^=]*$/.test(label)),
    'key=value pairs separated by commas',
  ),
  PUNCTUAL_KINDS: list(
    'Kinds of job that a worker executes, separated by commas. Empty: all (http, command, script).',
  ),
  PUNCTUAL_HTTP_ALLOW: list(
    'Hosts, hosts with a port, and networks (CIDR) that http jobs and channels for messages may reach although they are internal, separated by commas, for example 10.0.0.0/8,ci.internal,127.0.0.1:8080. `npm start` adds the console itself.',
  ).refine(
    // What the guard can't read would let nothing through: say so at the start instead.
    (entries) =>
      entries.every((entry) =>
        entry.includes('/')
          ? /^[0-9a-f:.]+\/\d{1,3}$/i.test(entry)
          : /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$|^[0-9a-f:.]+$/i.test(entry),
      ),
    'hosts (ci.internal, 127.0.0.1:8080) and networks (10.0.0.0/8), separated by commas',
  ),
  PUNCTUAL_LEASE_MS: duration(
    60_000,
    'How long a worker’s runs are its own without a heartbeat.',
    500,
  ),
  PUNCTUAL_HEARTBEAT_MS: duration(10_000, 'How often a worker renews its lease.', 50),
  PUNCTUAL_SELF_KILL_MS: duration(
    40_000,
    'Without an acknowledged heartbeat for so long a worker kills its own runs; less than the lease.',
    100,
  ),
  PUNCTUAL_RESCUE_MS: duration(
    10_000,
    'How often a worker looks for runs of workers whose lease is over. One look serves this and PUNCTUAL_POLL_MS, as often as the smaller of both says: to make looks rarer raise both.',
    50,
  ),
  PUNCTUAL_PLAN_AHEAD_MS: duration(60_000, 'How far ahead ticks are planned.', 1_000),
  PUNCTUAL_POLL_MS: duration(
    10_000,
    'How often a worker looks for due runs and for what else nobody told it of.',
    50,
  ),
  PUNCTUAL_DRAIN_MS: duration(
    30_000,
    'How long a worker that is told to stop lets its runs finish.',
    0,
  ),
  PUNCTUAL_KILL_GRACE_MS: duration(
    10_000,
    'Between SIGTERM and SIGKILL of a run’s process group.',
    10,
  ),
  PUNCTUAL_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'trace, debug, info, warn, error or silent',
    })
    .default('info')
    .describe('Least level of the worker’s own log (JSON lines on standard output).'),
});
export type Environment = z.output<typeof Environment>;

let parsed: Environment | undefined;

/** The environment, parsed at the first use and not at import: `next build` imports server modules without one. */
export function environment(): Environment {
  parsed ??= parseEnvironment(process.env);
  return parsed;
}

export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/** @throws EnvironmentError with one line a variable: its name and what it may be. */
export function parseEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  // A variable that is set to nothing counts as not set, as Compose files and unit files write it.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(given);
  if (result.success) {
    const missing =
      incompleteMail(result.data) ??
      incompleteProvider(result.data) ??
      incompleteArchive(result.data);
    if (missing === null) return result.data;
    throw new EnvironmentError(`${missing} See docs/configuration.md.`);
  }
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const missing = given[name] === undefined;
    return `  ${name} ${missing ? 'is not set: it must be' : 'must be'} ${issue.message}.`;
  });
  throw new EnvironmentError(
    `The environment has values that Punctual can't use:\n${lines.join('\n')}\nSee docs/configuration.md.`,
  );
}

function incompleteMail(
  given: Pick<Environment, 'PUNCTUAL_SMTP_URL' | 'PUNCTUAL_MAIL_FROM'>,
): string | null {
  if (given.PUNCTUAL_SMTP_URL === undefined || given.PUNCTUAL_MAIL_FROM !== undefined) return null;
  return (
    'PUNCTUAL_SMTP_URL is set, and PUNCTUAL_MAIL_FROM is not: set it to the sender of that mail, such as ' +
    'Punctual <punctual@example.org>.'
  );
}
