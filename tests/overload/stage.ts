// An installation that is to be overloaded: a PostgreSQL of its own that keeps what it says, the built console, two workers,
// jobs with a history, and one job in a queue of its own that nothing else touches.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usualGrant } from '#core/auth/usual-grant.ts';
import {
  AUTH_SECRET,
  type Installation,
  type RunningProcess,
  startInstallation,
} from '../e2e/installation.ts';
import { type Entry, readRecord, recordingScript } from '../faults/outside/record.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '../support/jobs.ts';

export type Stage = {
  installation: Installation;
  workers: RunningProcess[];
  /** Fires every second, alone in its queue; each of its processes leaves a line in the record. */
  steady: TestJob;
  record(): Entry[];
  /** Says 200 to everything, on loopback: what http jobs ask. */
  endpoint: { origin: string; answered: () => number };
  cookies: string[];
  job(overrides: TestJobOverrides): Promise<TestJob>;
  close(): Promise<void>;
};

const JOBS = 200;
const RUNS_A_JOB = 500;
const WORKERS = 2;
/** As it is by default, whatever the installation of journeys scales down. */
const AS_BY_DEFAULT = {
  PUNCTUAL_LEASE_MS: '60000',
  PUNCTUAL_HEARTBEAT_MS: '10000',
  PUNCTUAL_SELF_KILL_MS: '40000',
  PUNCTUAL_RESCUE_MS: '10000',
  PUNCTUAL_DRAIN_MS: '2000',
  PUNCTUAL_KILL_GRACE_MS: '1000',
};

export async function openStage(server: string, readers: number): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-overload-'));
  const recordFile = path.join(folder, 'record');
  const endpoint = await openEndpoint();
  const installation = await startInstallation(server);
  const { db } = installation;
  const close = async () => {
    await installation.stop();
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await addHistory(installation);
    await db.sql(
      `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
       VALUES ('steady', '', 4, 1000, 60000), ('crowd', '', 100, 10000000, 3600000)`,
    );
    const steady = await makeJob(db, {
      key: 'steady',
      queue: 'steady',
      overlap: 'allow',
      mayRunTwice: true,
      schedule: {
        type: 'interval',
        everyMs: 1_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
      work: { kind: 'script', text: recordingScript(recordFile, { beats: 1 }) },
    });
    const workers: RunningProcess[] = [];
    for (let n = 1; n <= WORKERS; n++) {
      workers.push(
        await installation.startWorker({
          ...AS_BY_DEFAULT,
          PUNCTUAL_WORKER_NAME: `w-${n}`,
          PUNCTUAL_HTTP_ALLOW: '127.0.0.0/8',
        }),
      );
    }
    return {
      installation,
      workers,
      steady,
      record: () => readRecord(recordFile),
      endpoint,
      cookies: await signIn(installation, readers),
      job: (overrides) => makeJob(db, { queue: 'crowd', mayRunTwice: true, ...overrides }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A day of runs of jobs without a schedule. */
async function addHistory({ db }: Installation): Promise<void> {
  const job = await makeJob(db, { key: 'quiet-0' });
  await db.sql(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, created_at)
       SELECT 'quiet-' || n, 1, 'script', 'default', false, now(), now() - interval '2 days' FROM generate_series(1, $1::int) n
       RETURNING id
     )
     INSERT INTO revision (job_id, number, definition, created_by)
     SELECT made.id, 1, v.definition, 'Test' FROM made JOIN revision v ON v.job_id = $2::int`,
    [JOBS - 1, job.id],
  );
  await db.sql(
    `INSERT INTO run (is_live, state, attempt, worker_id, started_at, finished_at, job_id, revision, trigger, scheduled_for, due_at,
                      queue, kind, cause)
     SELECT false, CASE WHEN n % 50 = 0 AND n < $1::int - 10 THEN 'failed' ELSE 'succeeded' END, 1, 1, at, at + interval '2 seconds',
            j.id, 1, 'manual', at, at, 'default', 'script', CASE WHEN n % 50 = 0 THEN 'exit 1' END
       FROM job j, generate_series(1, $1::int) AS n,
            LATERAL (SELECT now() - interval '1 day' + n * interval '1 day' / $1::int - interval '1 minute' AS at) AS run
      WHERE j.key LIKE 'quiet-%'`,
    [RUNS_A_JOB],
  );
  await db.sql('ANALYZE');
}

/** Sessions of one account, as a browser would have them. */
async function signIn({ db }: Installation, count: number): Promise<string[]> {
  const userId = randomUUID();
  await db.sql(
    `INSERT INTO "user" (id, name, email, grants) VALUES ($1, 'Reader', 'reader@example.org', $2)`,
    [userId, JSON.stringify([usualGrant('admin')])],
  );
  await db.sql(
    `INSERT INTO account (id, user_id, account_id, provider_id, password) VALUES ($1, $2, $2, 'credential', 'none')`,
    [randomUUID(), userId],
  );
  const tokens = Array.from({ length: count }, () => randomBytes(24).toString('base64url'));
  await db.sql(
    `INSERT INTO session (id, user_id, token, expires_at)
     SELECT gen_random_uuid()::text, $1, token, now() + interval '1 day' FROM unnest($2::text[]) AS token`,
    [userId, tokens],
  );
  return tokens.map((token) => {
    const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64');
    return `punctual.session=${encodeURIComponent(`${token}.${signature}`)}`;
  });
}

async function openEndpoint() {
  let count = 0;
  const server = http.createServer((request, response) => {
    count += 1;
    request.resume();
    response.end('ok');
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    answered: () => count,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
