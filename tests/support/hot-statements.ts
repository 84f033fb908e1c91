/**
 * The statements that a worker sends for each tick and each run, and those that it looks with, as they would be with the
 * ledger distributed by job over several nodes. docs/scale.md shows the table, and tests/db/hot-statements.test.ts holds
 * it against what a worker sends.
 */
export type HotStatement = {
  name: string;
  /** A part of its text that no other has. */
  has: string;
  /** Where it stands. */
  file: string;
  sent: string;
  /** Whether its text names the distribution key: `job_id`, or `id` of `job` itself. */
  namesJob: boolean;
  becomes: string;
};

/** The tables that would be distributed by their job, each job's rows together on one node. */
export const BY_JOB = [
  'run',
  'run_live',
  'run_done',
  'attempt',
  'log_chunk',
  'gap',
  'job',
  'revision',
  'job_progress',
  'job_state',
  'trial',
  'incident',
  'auto_pause_check',
];

export const HOT_STATEMENTS: readonly HotStatement[] = [
  {
    name: 'lookout',
    has: 'AS "audit-sealer"',
    file: 'core/lookout.sql.ts',
    sent: 'every 10 s a worker',
    namesJob: true,
    becomes: 'asked on each node; of its answers the soonest counts',
  },
  {
    name: 'plan: look',
    has: 'AND (job.id, job.revision) NOT IN (SELECT * FROM unnest($2::int[], $3::int[])) ) OR EXISTS',
    file: 'core/jobs/planning.sql.ts',
    sent: 'when the lookout finds ticks to plan, and every 20 s a worker',
    namesJob: true,
    becomes: 'the same, asked on each node for its own jobs',
  },
  {
    name: 'plan: lock jobs',
    has: 'WITH again AS ( SELECT id, key, revision, planned_until',
    file: 'core/jobs/planning.sql.ts',
    sent: 'once for up to 200 jobs',
    namesJob: true,
    becomes: 'one a shard: SKIP LOCKED works within one shard only',
  },
  {
    name: 'plan: write',
    has: 'planned_until timestamptz, replan_from',
    file: 'core/jobs/record-plans.sql.ts',
    sent: 'once for up to 200 jobs',
    namesJob: true,
    becomes:
      'one a shard, with the jobs of that shard; its compare-and-set and both unique keys have the job already',
  },
  {
    name: 'request',
    has: 'jsonb_to_recordset($1::text::jsonb) AS ( job_id int, revision int, trigger text',
    file: 'core/runs/request.sql.ts',
    sent: 'once a request',
    namesJob: true,
    becomes:
      'the same for one job; of several jobs one a shard. The NOTIFY in it is a statement of its own, where workers listen',
  },
  {
    name: 'trials',
    has: 'SELECT t.job_id AS "jobId", t.base_revision',
    file: 'core/trials/trials.sql.ts',
    sent: 'with ticks that are planned, and with a request whose job has a revision on trial',
    namesJob: true,
    becomes: 'the same, with the job’s other rows',
  },
  {
    name: 'look',
    has: 'SELECT ARRAY( SELECT DISTINCT q.name FROM queue q',
    file: 'core/runs/due.sql.ts',
    sent: 'when something is due and wasn’t taken alone, and after a claim that left room',
    namesJob: false,
    becomes:
      'asked on each node: what is due stands where its job stands, and a queue’s runs on every node',
  },
  {
    name: 'look for one alone',
    has: "set_config('punctual.alone',",
    file: 'core/runs/claim-alone.sql.ts',
    sent: 'once a run that is due alone, and now and then where several are',
    namesJob: false,
    becomes: 'asked on each node; what is alone on its node only goes by the claim among many',
  },
  {
    name: 'claim alone',
    has: "current_setting('punctual.alone_in', true)",
    file: 'core/runs/claim-alone.sql.ts',
    sent: 'with it',
    namesJob: true,
    becomes: 'the same on the shard of its job, with the room that the queue’s row says',
  },
  {
    name: 'limit',
    has: 'WITH ruled AS MATERIALIZED ( SELECT r.id, r.job_id',
    file: 'core/runs/limit.sql.ts',
    sent: 'with each look that isn’t the one for what is due alone',
    namesJob: true,
    becomes:
      'one a shard: a job’s runs are all on it. What waits in a full queue is counted over all nodes first',
  },
  {
    name: 'claim: lock queues',
    has: 'AS "hasRoom"',
    file: 'core/runs/due.sql.ts',
    sent: 'once a claim',
    namesJob: false,
    becomes:
      'a queue’s row stays on one node, and holds how many run: the count of its running runs goes over all nodes',
  },
  {
    name: 'claim',
    has: 'WITH RECURSIVE room AS MATERIALIZED',
    file: 'core/runs/claim.sql.ts',
    sent: 'once for all that it takes',
    namesJob: true,
    becomes:
      'one a shard, with the room that the queue’s row says: locks, recursion and the order by turns work within one shard only, so that jobs take turns on their shard, and shards after one another',
  },
  {
    name: 'claim: crowded queues',
    has: 'SELECT asked.name FROM unnest($1::text[]) AS asked (name)',
    file: 'core/runs/due.sql.ts',
    sent: 'once a claim',
    namesJob: false,
    becomes: 'part of the claim on its shard',
  },
  {
    name: 'definitions',
    has: 'SELECT v.job_id AS "jobId", v.number, v.definition',
    file: 'core/jobs/revisions.sql.ts',
    sent: 'once a revision and worker',
    namesJob: true,
    becomes: 'the same; it asks for pairs of job and number',
  },
  {
    name: 'log append',
    has: 'INSERT INTO log_chunk',
    file: 'core/logs/append.sql.ts',
    sent: 'once a flush, for all runs that wrote',
    namesJob: false,
    becomes:
      'one a shard, once log_chunk has the job: it would be a column of it and of its key, and the worker, which knows it, would send it along',
  },
  {
    name: 'finish',
    has: 'WITH given AS MATERIALIZED ( SELECT * FROM unnest( $1::bigint[], $2::int[]',
    file: 'core/runs/finish.sql.ts',
    sent: 'once a flush, for all attempts that ended',
    namesJob: true,
    becomes:
      'one a shard, with the job beside the id of each run, and in attempt; the move to the finished side is DELETE and INSERT on that shard',
  },
  {
    name: 'rescue',
    has: 'WITH lost AS MATERIALIZED ( SELECT r.id',
    file: 'core/runs/lost.sql.ts',
    sent: 'when the lookout finds what is lost, and every five minutes a worker',
    namesJob: true,
    becomes: 'asked on each node; worker is a table that each node has whole',
  },
  {
    name: 'heartbeat',
    has: 'renewed AS ( UPDATE worker w SET lease_until',
    file: 'core/workers/lease.sql.ts',
    sent: 'every 10 s a worker',
    namesJob: false,
    becomes:
      'the same: it touches no job. Where each node has the table whole, a heartbeat is written on all of them',
  },
];

/** How a table of the page says it. */
export function markdownOfHotStatements(): string {
  const rows = HOT_STATEMENTS.map(
    ({ name, file, sent, namesJob, becomes }) =>
      `| ${name} (\`${file}\`) | ${sent} | ${namesJob ? 'yes' : '**no**'} | ${becomes} |`,
  );
  return [
    '| statement | sent | names the job | distributed by job it becomes |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
