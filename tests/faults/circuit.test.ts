import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { CircuitRule } from '#core/circuits/circuit-rule.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { type Entry, startRecorder } from '#tests/support/recorder.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker, type TestWorker } from '#tests/support/worker.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const everySecond = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} as const;

const openOf = async (db: TestDatabase, job: TestJob) =>
  (
    await db.sql<{ until: Date | null; probe: number | null }>(
      'SELECT open_until AS until, probe_run_id AS probe FROM circuit WHERE job_id = $1',
      [job.id],
    )
  )[0];
const startsOf = (entries: readonly Entry[]) => entries.filter(({ what }) => what === 'start');

it('a circuit among workers of which the one that tries is killed: one tries, the next takes its place, and it closes', async () => {
  const db = web.db();
  const recorder = startRecorder();
  // It fails until the circuit has opened; then it hangs until both workers were killed, and then all is well.
  const text = `${recorder.head}
rec start
n=$(grep -c " start$" "$FILE")
[ "$n" -le 3 ] && exit 1
if [ ! -e "$FILE.well" ]; then rec try; sleep 60; fi
rec end`;
  const file = /rec\(\) \{ echo .* >> (\S+); \}/.exec(recorder.head)![1]!;
  const job = await makeJob(db, {
    schedule: everySecond,
    overlap: 'allow',
    work: { kind: 'script', text: `FILE=${file}\n${text}` },
    circuit: CircuitRule.parse({ failures: 3, openMs: 1_000, longestOpenMs: 2_000 }),
  });
  const workers: TestWorker[] = await Promise.all([startWorker(db), startWorker(db)]);
  const triedBefore = new Set<number>();
  for (let killed = 1; killed <= 2; killed++) {
    // One that was claimed with the third failure may hang as well: the circuit says which one tries.
    const tried = await until(
      async () => {
        const probe = (await openOf(db, job))?.probe;
        const hangs = recorder.entries().some(({ what, run }) => what === 'try' && run === probe);
        return probe && hangs && !triedBefore.has(probe) ? probe : undefined;
      },
      { timeoutMs: 30_000, what: `try ${killed}` },
    );
    triedBefore.add(tried);
    // While it hangs ticks go on becoming due, and none of them starts.
    const began = startsOf(recorder.entries()).length;
    await until(
      async () => {
        const [row] = await db.sql<{ skipped: number }>(
          `SELECT count(*)::int AS skipped FROM run WHERE skip_reason = 'circuit_open' AND cause LIKE $1`,
          [`%run ${tried} tries%`],
        );
        return row!.skipped >= 3;
      },
      { timeoutMs: 20_000, what: 'ticks that are skipped while one tries' },
    );
    expect(startsOf(recorder.entries()).length).toBe(began);
    expect((await openOf(db, job))?.probe).toBe(tried);
    const [row] = await db.sql<{ worker: number }>(
      'SELECT worker_id AS worker FROM run WHERE id = $1 AND is_live',
      [tried],
    );
    const victim = workers.findIndex(({ workerId }) => workerId === row!.worker);
    const [dead] = workers.splice(victim, 1);
    if (killed === 2) writeFileSync(`${file}.well`, '');
    await dead!.kill();
    workers.push(await startWorker(db));
  }
  await until(async () => (await openOf(db, job))?.until === null, {
    timeoutMs: 30_000,
    what: 'the circuit to close',
  });
  await until(() => recorder.entries().filter(({ what }) => what === 'end').length >= 3, {
    timeoutMs: 20_000,
    what: 'ticks that run again',
  });
  // Every tick stands in the ledger, run or skipped.
  await Promise.all(workers.map((worker) => worker.stop()));
  const audit = await auditTicks(admin, { key: job.key, from: new Date(Date.now() - 3_600_000) });
  expect(audit.ok && audit.value.jobs[0]).toMatchObject({ isEven: true, findings: [] });
}, 120_000);

it('a job that writes error lines is paused while its run still goes, and by one worker', async () => {
  await using db = await createTestDatabase();
  const job = await makeJob(db, {
    schedule: everySecond,
    overlap: 'skip',
    work: {
      kind: 'script',
      text: 'i=0; while [ $i -lt 12 ]; do echo "error: no route to host" >&2; i=$((i+1)); done; sleep 60',
    },
    autoPause: AutoPauseRule.parse({ errorLines: { lines: 10, withinMs: 300_000 } }),
  });
  await Promise.all([startWorker(db), startWorker(db)]);
  const paused = await until(
    async () => {
      const [row] = await db.sql<{ by: string | null; reason: string }>(
        'SELECT paused_by AS by, pause_reason AS reason FROM job WHERE id = $1',
        [job.id],
      );
      return row?.by ? row : undefined;
    },
    { timeoutMs: 20_000, what: 'the pause' },
  );
  expect(paused.by).toBe('Punctual');
  expect(paused.reason).toMatch(/^1[0-9] error lines within 5 min, the last ones in run \d+$/);
  const running = await db.sql(`SELECT id FROM run_live WHERE state = 'running'`);
  expect(running).toHaveLength(1);
  const entries = await db.sql(
    `SELECT id FROM audit_entry WHERE action = 'job.pause' AND actor = 'Punctual'`,
  );
  expect(entries).toHaveLength(1);
}, 60_000);
