import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Environment } from '#core/environment.ts';
import { createPool, sqlOf } from '#core/db.ts';
import { insertRequestedRuns } from '#core/runs/request.sql.ts';
import { countWire, type Wire } from '#tests/support/count-wire.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import {
  BY_JOB,
  HOT_STATEMENTS,
  type HotStatement,
  markdownOfHotStatements,
} from '#tests/support/hot-statements.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { requestOf } from '#tests/support/requests.ts';
import { silent } from '#tests/support/planning.ts';
import { until } from '#tests/support/wait.ts';
import type { Kind } from '#worker/kinds/kind.ts';
import { startWorker } from '#worker/worker.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/scale.md');
const ENOUGH_RUNS = 30;

let db: TestDatabase;
let wire: Wire;
/** Texts as they were sent, in one line each, and how often. */
const sent = new Map<string, number>();

/** A worker that executes some ticks and requests with log lines, of which every third fails and is tried again. */
beforeAll(async () => {
  db = await createTestDatabase();
  wire = await countWire(db.url, (statement) => {
    const text = statement.replaceAll(/\s+/g, ' ').trim();
    sent.set(text, (sent.get(text) ?? 0) + 1);
  });
  let executed = 0;
  const kind: Kind = {
    name: 'script',
    async execute({ log }) {
      await log.write('stdout', Buffer.from('a line\n'));
      return { ok: executed++ % 3 !== 0 };
    },
  };
  const worker = await startWorker({
    environment: Environment.parse({ DATABASE_URL: wire.url, PUNCTUAL_POLL_MS: '100' }),
    version: 'test',
    logger: silent,
    kinds: new Map([[kind.name, kind]]),
  });
  // From here on a statement is sent because something is to be done.
  sent.clear();
  const job = await makeJob(db, { overlap: 'allow' });
  await makeJob(db, {
    schedule: { type: 'interval', everyMs: 1_000, anchor: '2026-01-01T00:00:00Z', timeZone: 'UTC' },
  });
  const pool = createPool({ url: wire.url, max: 1, applicationName: 'test' });
  for (let n = 0; n < ENOUGH_RUNS; n++) {
    await insertRequestedRuns(sqlOf(pool), [requestOf(job)]);
    await until(() => executed > n, { what: `run ${n}` });
  }
  // Those before were due alone, each of them.
  await insertRequestedRuns(sqlOf(pool), Array(ENOUGH_RUNS).fill(requestOf(job)));
  await until(() => executed >= 2 * ENOUGH_RUNS, { what: 'what is due together' });
  const heartbeat = HOT_STATEMENTS.find(({ name }) => name === 'heartbeat')!;
  await until(() => textsOf(heartbeat).length > 0, { timeoutMs: 20_000, what: 'a heartbeat' });
  await worker.stop();
  await pool.end();
}, 60_000);

afterAll(async () => {
  await wire[Symbol.asyncDispose]();
  await db.drop();
});

const textsOf = ({ has }: HotStatement) => [...sent.keys()].filter((text) => text.includes(has));

const touches = (text: string) =>
  BY_JOB.filter((table) => new RegExp(`(FROM|JOIN|INTO|UPDATE) ${table}\\b`).test(text));

const namesJob = (text: string) =>
  /\bjob_id\b/.test(text) || (touches(text).includes('job') && /\bid\b/.test(text));

describe('of the statements that a worker sends for runs and ticks', () => {
  it.each(HOT_STATEMENTS.map((hot) => [hot.name, hot] as const))(
    '%s is sent, and names the job or doesn’t, as the page says',
    (_name, hot) => {
      const texts = textsOf(hot);
      expect(texts).toHaveLength(1);
      expect(namesJob(texts[0]!)).toBe(hot.namesJob);
      expect(readFileSync(path.resolve(PAGE, '../..', hot.file), 'utf8').length).toBeGreaterThan(0);
    },
  );

  it('what is due is tried alone', () => {
    const claims = [...sent].filter(([text]) => text.includes("'punctual.alone_in', true"));
    expect(claims).toHaveLength(1);
    // Not right after some were due together, as retries and requests are here.
    expect(claims[0]![1]).toBeGreaterThan(ENOUGH_RUNS / 5);
  });

  it('none is left out: whatever is sent once a run or claim and touches what belongs to jobs has its row', () => {
    const known = HOT_STATEMENTS.flatMap(textsOf);
    const unknown = [...sent].filter(
      ([text, times]) => times >= ENOUGH_RUNS && touches(text).length > 0 && !known.includes(text),
    );
    // What looks every 100 ms here is sent as often as runs come, and every 10 s in earnest: it asks whether there is
    // anything to do, and finds nothing.
    const looks = unknown.filter(([text]) => !IDLE_LOOKS.some((look) => text.includes(look)));
    expect(looks).toEqual([]);
  });

  it('CONTROL: without its row a statement is found', () => {
    const known = HOT_STATEMENTS.filter(({ name }) => name !== 'finish').flatMap(textsOf);
    const found = [...sent].filter(
      ([text, times]) =>
        times >= ENOUGH_RUNS / 2 && touches(text).length > 0 && !known.includes(text),
    );
    expect(found.map(([text]) => text).join()).toContain('INSERT INTO attempt');
  });
});

const IDLE_LOOKS = [
  'FROM auto_pause_check ORDER BY asked_at',
  'FROM job WHERE counts_from_end',
  'SELECT min(tell_at) FROM incident',
  'FROM job WHERE pause_until',
  'FROM backfill WHERE',
];

it('the unique keys that lack the job are those that the page names', async () => {
  const rows = await db.sql<{ name: string }>(
    `SELECT c.relname AS name FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_class t ON t.oid = i.indrelid
      WHERE i.indisunique AND t.relname = ANY ($1::text[]) AND NOT t.relispartition
        AND NOT EXISTS (SELECT FROM pg_attribute a
          WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey) AND a.attname = CASE t.relname WHEN 'job' THEN 'id' ELSE 'job_id' END)
      ORDER BY c.relname`,
    [BY_JOB],
  );
  const page = readFileSync(PAGE, 'utf8');
  const [, named = ''] =
    /unique keys lack the job: ([^.]*)\./.exec(page.replaceAll(/\s+/g, ' ')) ?? [];
  expect(named.match(/`(\w+)`/g)).toEqual(rows.map(({ name }) => `\`${name}\``));
});

it('the page has the table', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const written = page.replace(
    /(<!-- statements -->\n)[^]*?(<!-- end -->)/,
    `$1\n${markdownOfHotStatements()}\n\n$2`,
  );
  const formatted = await format(written, { ...(await resolveConfig(PAGE)), filepath: PAGE });
  // What it should be, if this fails: formatted.
  expect(page).toBe(formatted);
});
