import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { readMigrationState, shippedMigrations } from '#prisma/migration-state.ts';
import type { Sql } from '../db.ts';
import { type RateLog, rateLogOf, roomIn } from '../queues/rate.ts';
import type { Figures, QueueFigures, SpaceFigures } from './figures.ts';
import { type ConnectionRow, type QueueRow, readFigureRows, type SizeRow } from './figures.sql.ts';
import { lagsOf } from './lag.ts';
import { readReport } from './worker-report.ts';

export type HealthSources = {
  sql: Sql;
  /** Of the disk that the database is on; null where it can't be seen. */
  freeBytes: () => Promise<number | null>;
};

/** A database whose tables aren't those of this program: only that can be said of it. */
export type OtherSchema = Pick<Figures, 'answeredInMs' | 'migrations'> & { isOtherSchema: true };

/**
 * Reads everything that is judged.
 * Measured with 1,000,000 runs in the ledger and 100,000 that wait: docs/health.md.
 *
 * @throws what the driver throws where the database doesn't answer
 */
export async function readFigures({
  sql,
  freeBytes,
}: HealthSources): Promise<Figures | OtherSchema> {
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), 'prisma/migrations');
  const shipped = await shippedMigrations(folder);
  const askedAt = performance.now();
  const migrations = await readMigrationState(sql, shipped);
  const answeredInMs = performance.now() - askedAt;
  if (migrations.state !== 'current') return { isOtherSchema: true, answeredInMs, migrations };
  const { installation, workers, lags, queues, size, ...rows } = await readFigureRows(sql);
  const connections = rows.connections[0]!;
  return {
    answeredInMs,
    migrations,
    ...installation[0]!,
    workers: workers.map((worker) => ({
      ...worker,
      report: readReport(worker.report, worker.heardMsAgo),
    })),
    lostWorkers: rows.lostWorkers,
    lag: { now: lagsOf(lags.filter(({ isNow }) => isNow)), day: lagsOf(lags) },
    queues: queues.map(queueOf),
    connections: tightest(connections),
    oldestTransaction:
      connections.openMs === null
        ? null
        : { name: connections.openName || '?', openMs: connections.openMs },
    tables: rows.tables,
    missingMonths: rows.missingMonths,
    space: spaceOf(size[0]!, await freeBytes()),
    isSizeSampled: size[0]!.isSampledToday,
    openTroubles: rows.openTroubles,
  };
}

function queueOf({ rateStarts, rateMs, rateLog, nowMs, ...queue }: QueueRow): QueueFigures {
  const log: RateLog = rateLogOf(rateLog);
  const isPacedByRate =
    rateStarts !== null &&
    rateMs !== null &&
    roomIn({ starts: rateStarts, perMs: rateMs }, log, nowMs).starts < rateStarts;
  return { ...queue, isPacedByRate };
}

/** Of the limits that there are, the one that is nearest to its end. */
function tightest(row: ConnectionRow): Figures['connections'] {
  const limits: Figures['connections'][] = [
    { of: 'server', used: row.used, most: row.most },
    { of: 'role', used: row.usedByRole, most: row.mostOfRole },
    { of: 'database', used: row.usedOfDatabase, most: row.mostOfDatabase },
  ];
  return limits
    .filter(({ most }) => most > 0)
    .reduce((tight, limit) => (limit.used / limit.most > tight.used / tight.most ? limit : tight));
}

const DAY_MS = 86_400_000;

function spaceOf(
  { bytes, firstBytes, firstMsAgo }: SizeRow,
  freeBytes: number | null,
): SpaceFigures {
  const growthBytesPerDay =
    firstBytes === null || firstMsAgo === null || firstMsAgo < DAY_MS
      ? null
      : ((bytes - firstBytes) / firstMsAgo) * DAY_MS;
  return { databaseBytes: bytes, growthBytesPerDay, freeBytes };
}
