import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { decodePieces } from '#core/logs/codec.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

type Ended = {
  state: string;
  cause: string | null;
  log_lines: number;
  exit_code: number | null;
  http_status: number | null;
  cause_line: number | null;
  result: string | null;
};

/** Requests a run of such a job and waits for its end: its row with that of its attempt, and its log. */
async function ended(work: JobDefinitionInput['work'], parameters: object) {
  const job = await makeJob(db, {
    work,
    parameters: [{ name: 'who', type: 'text', default: 'nobody' }],
  });
  const [run] = await db.sql<{ id: number }>(
    `INSERT INTO run (scheduled_for, job_id, revision, trigger, requested_by, parameters, queue, kind, due_at)
     VALUES (now(), $1::int, 1, 'manual', 'Test', $2::jsonb, 'default', $3::text, now()) RETURNING id`,
    [job.id, JSON.stringify(parameters), work.kind],
  );
  const row = await until(async () => {
    const [found] = await db.sql<Ended>(
      `SELECT run.state, run.cause, run.log_lines, attempt.exit_code, attempt.http_status, attempt.cause_line, attempt.result
         FROM run JOIN attempt ON attempt.run_id = run.id
        WHERE NOT run.is_live AND run.id = $1::bigint`,
      [run!.id],
    );
    return found;
  });
  const chunks = await db.sql<{ body: string; first_line: number }>(
    'SELECT body, first_line FROM log_chunk WHERE run_id = $1::bigint ORDER BY seq',
    [run!.id],
  );
  const pieces = chunks.flatMap(({ body, first_line }) => decodePieces(body, first_line));
  return { row, pieces, texts: pieces.map(({ stream, text }) => `${stream}: ${text}`) };
}

describe('a real worker executes each kind, and keeps answer, result and log', () => {
  it('script, command and http', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/bad' ? 503 : 200, { 'content-type': 'text/plain' });
      response.end(`hello ${request.url}`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await startWorker(db, { PUNCTUAL_HTTP_ALLOW: at });

    const script = await ended(
      {
        kind: 'script',
        text: 'echo "for $PUNCTUAL_PARAM_WHO"; echo 12 > "$PUNCTUAL_RESULT"; echo "disk full on /backup" >&2; exit 2',
      },
      { who: 'ops; $(id)' },
    );
    expect(script.row).toMatchObject({
      state: 'failed',
      exit_code: 2,
      result: '12\n',
      log_lines: 2,
    });
    expect(script.row.cause).toBe('exit 2: disk full on /backup');
    expect(script.pieces.find(({ line }) => line === script.row.cause_line)?.stream).toBe('stderr');
    expect(script.texts.toSorted()).toEqual([
      'stderr: disk full on /backup',
      'stdout: for ops; $(id)',
    ]);

    const command = await ended(
      { kind: 'command', program: 'printf', args: ['%s|', '{{param.who}}', 'b'] },
      {
        who: '"; rm -rf x',
      },
    );
    expect(command.row).toMatchObject({ state: 'succeeded', exit_code: 0, cause: null });
    expect(command.texts).toEqual(['stdout: "; rm -rf x|b|']);

    const http = await ended({ kind: 'http', url: `http://${at}/a/{{param.who}}` }, { who: 'x/y' });
    expect(http.row).toMatchObject({
      state: 'succeeded',
      http_status: 200,
      result: 'hello /a/x%2Fy',
    });
    expect(http.texts[0]).toBe(`note: GET http://${at}/a/x%2Fy`);
    expect(http.texts.at(-1)).toBe('stdout: hello /a/x%2Fy');

    const bad = await ended({ kind: 'http', url: `http://${at}/bad` }, {});
    expect(bad.row).toMatchObject({ state: 'failed', http_status: 503 });
    expect(bad.row.cause).toBe('answered 503 Service Unavailable');

    const inside = await ended({ kind: 'http', url: 'http://127.0.0.1:1/' }, {});
    expect(inside.row.state).toBe('failed');
    expect(inside.row.cause).toContain('internal address');
    server.close();
  });
});
