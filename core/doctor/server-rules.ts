import type { Finding } from './finding.ts';
import type { ServerFacts } from './server.sql.ts';

const MB = 1_048_576;
const GB = 1_024 * MB;

/** Connections: a worker's pools and that of its heartbeats; a console's pools and LISTEN. */
const PER_WORKER = 4;
const PER_CONSOLE = 13;
/** The same past a pooler, which has some of its own: as many as it takes for one database without being told. */
const PER_WORKER_PAST_POOLER = 2;
const PER_POOLER_AND_CONSOLE = 21;

export type Fleet = {
  workers: number;
  isPooled: boolean;
};

/** Pure: what of the server, its settings and the role's rights isn't as Punctual needs it. */
export function serverFindings(facts: ServerFacts, fleet: Fleet): Finding[] {
  return [
    ...versionFindings(facts),
    ...settingFindings(facts),
    ...sizeFindings(facts, fleet),
    ...rightFindings(facts),
    ...leftoverFindings(facts),
  ];
}

const error = (check: string, says: string, fix: string): Finding => ({
  check,
  level: 'error',
  says,
  fix,
});
const advice = (check: string, says: string, fix: string): Finding => ({
  ...error(check, says, fix),
  level: 'advice',
});
const when = (isWrong: boolean, finding: Finding): Finding[] => (isWrong ? [finding] : []);

const change = (statement: string) => `${statement} SELECT pg_reload_conf();`;

function versionFindings({ versionNumber, isInRecovery, settings }: ServerFacts): Finding[] {
  return [
    ...when(
      versionNumber < 150_000,
      error(
        'version',
        `PostgreSQL ${Math.floor(versionNumber / 10_000)} is older than 15, the oldest that Punctual works with.`,
        'Upgrade PostgreSQL.',
      ),
    ),
    ...when(
      isInRecovery,
      error(
        'read_only',
        'This PostgreSQL is a standby, where nothing can be written.',
        'Let DATABASE_URL name the primary, or promote this one.',
      ),
    ),
    ...when(
      !isInRecovery && settings['default_transaction_read_only'] === 'on',
      error(
        'read_only',
        'Transactions are read-only by default, so that nothing can be written.',
        change('ALTER SYSTEM RESET default_transaction_read_only;'),
      ),
    ),
    ...when(
      settings['server_encoding'] !== 'UTF8',
      error(
        'encoding',
        `The database is encoded as ${settings['server_encoding']}; logs hold characters that it has no place for.`,
        'Make a database with ENCODING UTF8, and bring a backup of this one into it.',
      ),
    ),
  ];
}

function settingFindings({ settings }: ServerFacts): Finding[] {
  const off = (name: string, says: string, fix = change(`ALTER SYSTEM SET ${name} = on;`)) =>
    when(settings[name] === 'off', error(`setting.${name}`, says, fix));
  const lockTimeoutMs = Number(settings['lock_timeout']);
  const idleTimeoutMs = Number(settings['idle_session_timeout']);
  return [
    ...off('fsync', 'fsync is off: after a crash of the host the database may be broken for good.'),
    ...off(
      'full_page_writes',
      'full_page_writes is off: after a crash of the host pages may be broken.',
    ),
    ...off(
      'synchronous_commit',
      'synchronous_commit is off: after a crash what was acknowledged may be gone, so that a run may start twice and log lines be missing.',
    ),
    ...off(
      'autovacuum',
      'autovacuum is off: dead rows are never cleared away, and claiming gets slower by the hour.',
    ),
    ...off('track_counts', 'track_counts is off, so that autovacuum doesn’t know what to clear.'),
    ...when(
      idleTimeoutMs > 0,
      error(
        'setting.idle_session_timeout',
        `PostgreSQL ends sessions that wait for ${idleTimeoutMs / 1_000} s: workers and consoles listen, and would lose what they are told.`,
        'ALTER ROLE … SET idle_session_timeout = 0; for the role of DATABASE_URL.',
      ),
    ),
    ...when(
      lockTimeoutMs > 0 && lockTimeoutMs < 5_000,
      advice(
        'setting.lock_timeout',
        `Statements give up after waiting ${lockTimeoutMs} ms for a lock: edits of busy jobs may fail.`,
        'ALTER ROLE … SET lock_timeout = 0; for the role of DATABASE_URL. Punctual bounds its statements itself.',
      ),
    ),
  ];
}

function sizeFindings(
  { settings, databaseBytes }: ServerFacts,
  { workers, isPooled }: Fleet,
): Finding[] {
  const buffersBytes = Number(settings['shared_buffers']) * 8_192;
  const walBytes = Number(settings['max_wal_size']) * MB;
  const free =
    Number(settings['max_connections']) - Number(settings['superuser_reserved_connections']);
  const needed = isPooled
    ? workers * PER_WORKER_PAST_POOLER + PER_POOLER_AND_CONSOLE
    : workers * PER_WORKER + PER_CONSOLE;
  return [
    ...when(
      databaseBytes > 4 * GB && buffersBytes < 512 * MB,
      advice(
        'setting.shared_buffers',
        `shared_buffers is ${Math.round(buffersBytes / MB)} MB for a database of ${Math.round(databaseBytes / GB)} GB.`,
        'Set it to about a quarter of the host’s memory: ALTER SYSTEM SET shared_buffers = …; and restart PostgreSQL.',
      ),
    ),
    ...when(
      walBytes < GB,
      advice(
        'setting.max_wal_size',
        `max_wal_size is ${Math.round(walBytes / MB)} MB: under load PostgreSQL writes checkpoints all the time.`,
        change('ALTER SYSTEM SET max_wal_size = ‘4GB’;'),
      ),
    ),
    ...when(
      free < needed,
      error(
        'setting.max_connections',
        `PostgreSQL allows ${free} connections; ${workers} ${workers === 1 ? 'worker' : 'workers'} and a console take up to ${needed}.`,
        'ALTER SYSTEM SET max_connections = …; and restart PostgreSQL, or run fewer workers with more slots each.',
      ),
    ),
  ];
}

function rightFindings(facts: ServerFacts): Finding[] {
  const { closedTables, mayCreate, hasGist, couldChangeTrail } = facts;
  const handOver =
    'Run npm run db:migrate with PUNCTUAL_OWNER_DATABASE_URL: it hands over what the application’s role needs (docs/audit.md).';
  return [
    ...when(
      closedTables.length > 0,
      error(
        'rights.tables',
        `The role of DATABASE_URL may not read and write ${closedTables.join(', ')}.`,
        handOver,
      ),
    ),
    ...when(
      !mayCreate,
      error(
        'rights.schema',
        'The role of DATABASE_URL may not make tables: the months of the ledger would run out.',
        handOver,
      ),
    ),
    ...when(
      !hasGist,
      error(
        'extension',
        'The extension btree_gist is missing: nothing keeps gaps from overlapping.',
        'As a superuser: CREATE EXTENSION btree_gist; then npm run db:migrate.',
      ),
    ),
    ...when(
      couldChangeTrail,
      advice(
        'rights.trail',
        'The role of DATABASE_URL could change the audit trail; that it did would show in npm run punctual -- audit verify.',
        'Give the tables to an owner of their own: docs/audit.md has the statements. The embedded database has both roles by itself.',
      ),
    ),
  ];
}

function leftoverFindings(facts: ServerFacts): Finding[] {
  const { slots, preparedTransactions, invalidIndexes, failedMigrations, unsealedEntries } = facts;
  return [
    ...slots
      .filter(({ keptBytes }) => keptBytes > GB)
      .map(({ name, isActive, keptBytes }) => ({
        ...(isActive ? advice : error)(
          'slots',
          `The replication slot ${name} ${isActive ? 'is behind' : 'is used by nobody'} and keeps ${Math.round(keptBytes / GB)} GB of WAL, which grows until the disk is full.`,
          `See why its reader doesn’t follow; where there is none any more: SELECT pg_drop_replication_slot(‘${name}’);`,
        ),
      })),
    ...preparedTransactions.map((gid) =>
      error(
        'prepared_transactions',
        `The prepared transaction ${gid} has been open for more than an hour and holds its locks.`,
        `COMMIT PREPARED ‘${gid}’; or ROLLBACK PREPARED ‘${gid}’;`,
      ),
    ),
    ...invalidIndexes.map((name) =>
      error(
        'indexes',
        `The index ${name} isn’t valid, so that nothing is held by it.`,
        `REINDEX INDEX CONCURRENTLY ${name};`,
      ),
    ),
    ...failedMigrations.map((name) =>
      error(
        'migrations.failed',
        `The migration ${name} began and didn’t end.`,
        'Run npm run db:migrate again. If it fails, its error says why.',
      ),
    ),
    ...when(
      unsealedEntries > 0,
      error(
        'trail',
        `${unsealedEntries} ${unsealedEntries === 1 ? 'entry' : 'entries'} of the audit trail ${unsealedEntries === 1 ? 'waits' : 'wait'} for the seal for more than 10 minutes.`,
        'Any worker seals them: start one. If one runs, its log says why the audit-sealer fails.',
      ),
    ),
  ];
}
