import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeBackup } from '#core/backup/take-backup.ts';
import { createJob } from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { readLog } from '#core/logs/logs.ts';
import { readRun } from '#core/runs/read-run.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { addSecret, removeSecret, replaceSecret } from '#core/secrets/change-secrets.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { foundIn } from '#tests/support/secret-writings.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

const KEY = randomBytes(32).toString('base64');
const web = webDatabase({ PUNCTUAL_SECRET_KEY: KEY });

const SECRET = 'c0rrect/h0rse+b4ttery "st4ple" & é';
const PARAMETER = 'a parameter, that nobody sees';

let received: { url: string; headers: Record<string, unknown>; body: string }[] = [];
let at = '';
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    received.push({ url: request.url!, headers: request.headers, body });
    const echo = JSON.stringify({ url: request.url, headers: request.headers, body });
    const status = request.url!.startsWith('/redirect')
      ? 302
      : request.url!.startsWith('/bad')
        ? 500
        : 200;
    const location = `${'x'.repeat(150)}${encodeURIComponent(SECRET)}`;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 302 ? { location } : {}),
    });
    // In pieces, cut in the middle of things.
    for (let from = 0; from < echo.length; from += 7) response.write(echo.slice(from, from + 7));
    response.end();
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const startOwnWorker = () =>
  startWorker(web.db(), { PUNCTUAL_SECRET_KEY: KEY, PUNCTUAL_HTTP_ALLOW: at });

/** Saves such a job as somebody does, runs it, and waits for its end. */
async function ran(
  work: JobDefinitionInput['work'],
  more: Partial<JobDefinitionInput> = {},
  parameters: Record<string, string> = {},
) {
  const { key, ...definition } = testDefinition();
  const { jobId } = valueOf(await createJob(admin, { ...definition, key, work, ...more }));
  const { runId } = valueOf(await triggerJob(admin, { jobId, parameters }));
  return endOf(runId);
}

async function endOf(runId: number) {
  await until(
    async () => {
      const { run } = valueOf(await readRun(admin, runId));
      return run.state !== 'queued' && run.state !== 'running';
    },
    { what: `the end of run ${runId}` },
  );
  const detail = valueOf(await readRun(admin, runId));
  const log = valueOf(await readLog(admin, { runId, at: { from: 'tail' } }));
  const lines = [...Map.groupBy(log.pieces, ({ line }) => line).values()].map((pieces) =>
    pieces.map(({ text }) => text).join(''),
  );
  return { detail, run: detail.run, lines };
}

/** Every row of every table, as text. */
async function everyRow(): Promise<string> {
  const tables = await web.db().sql<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await web.db().sql<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    rows.push(...found.map(({ row }) => row));
  }
  return rows.join('\n');
}

async function backup(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of takeBackup(web.db().url, () => {})) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

// Prints it in every way that a script finds easily, also in two halves that come apart in time.
const PRINTS = `
const secret = process.env.TOKEN;
const parameter = process.env.PUNCTUAL_PARAM_HIDDEN;
const { writeFileSync } = await import('node:fs');
for (const text of [secret, parameter]) {
  const bytes = Buffer.from(text);
  console.log('plain', text);
  console.log('base64', bytes.toString('base64'), Buffer.from('user:' + text).toString('base64'), Buffer.from('x' + text + 'tail').toString('base64url'));
  console.log('hex', bytes.toString('hex'), bytes.toString('hex').toUpperCase());
  console.log('address', encodeURIComponent(text), new URLSearchParams({ text }).toString());
  console.log('json', JSON.stringify({ deep: JSON.stringify({ text }) }));
  process.stdout.write('halves ' + text.slice(0, 9));
  await new Promise((resolve) => setTimeout(resolve, 150));
  process.stdout.write(text.slice(9) + '\\n');
}
writeFileSync(process.env.PUNCTUAL_RESULT, 'result ' + secret);
console.error('fatal: cannot sign in with ' + secret);
process.exit(3);`;

describe('a secret is given to the work, and nowhere else', () => {
  test(
    'whatever its job does, no row, backup, log or answer has it',
    { timeout: 90_000 },
    async () => {
      valueOf(await addSecret(admin, { name: 'API_TOKEN', value: SECRET }));
      await startOwnWorker();
      const call = await ran({
        kind: 'http',
        method: 'POST',
        url: `http://${at}/bad?token={{secret.API_TOKEN}}`,
        headers: [
          { name: 'x-token', value: '{{secret.API_TOKEN}}' },
          { name: 'content-type', value: 'application/json' },
        ],
        body: '{"token": {{json secret.API_TOKEN}}, "again": "{{secret.API_TOKEN}}"}',
      });
      // It arrives in clear.
      const [request] = received;
      expect(Buffer.from(String(request!.headers['x-token']), 'latin1').toString()).toBe(SECRET);
      expect(new URL(request!.url, 'http://x').searchParams.get('token')).toBe(SECRET);
      expect(JSON.parse(request!.body)).toEqual({ token: SECRET, again: SECRET });
      expect(call.run).toMatchObject({ state: 'failed' });
      expect(call.lines.join('\n')).toContain('•••');

      const redirect = await ran({
        kind: 'http',
        url: `http://${at}/redirect`,
        headers: [{ name: 'x-token', value: '{{secret.API_TOKEN}}' }],
      });
      expect(redirect.lines.join('\n')).toContain('location: xxx');

      const parameters: JobDefinitionInput['parameters'] = [
        { name: 'hidden', type: 'text', default: PARAMETER, isSensitive: true },
      ];
      const environment = [{ name: 'TOKEN', value: '{{secret.API_TOKEN}}' }];
      const script = await ran(
        { kind: 'script', interpreter: 'node', text: PRINTS, environment },
        { parameters },
      );
      expect(script.run).toMatchObject({
        state: 'failed',
        cause: 'exit 3: fatal: cannot sign in with •••',
      });
      expect(script.lines).toContain('plain •••');
      expect(script.lines).toContain('halves •••');

      const command = await ran({
        kind: 'command',
        program: 'sh',
        args: ['-c', 'echo "$TOKEN"; printf %s "$TOKEN" | base64; echo ok'],
        environment,
      });
      expect(command.run).toMatchObject({ state: 'succeeded' });
      expect(command.lines).toEqual(['•••', '•••', 'ok']);

      const state = await ran({
        kind: 'script',
        text: 'echo "cursor $TOKEN" > "$PUNCTUAL_STATE"',
        environment,
      });
      expect(state.run).toMatchObject({
        state: 'failed',
        cause: 'the state that it wrote can’t be kept: it holds a secret or a sensitive parameter',
      });

      const answers = JSON.stringify([call, redirect, script, command, state]);
      const everything = { rows: await everyRow(), backup: await backup(), answers };
      for (const [place, text] of Object.entries(everything)) {
        expect(foundIn(text, SECRET), `in ${place}`).toEqual([]);
      }
      // The definition's own default stays in its revision; what the run printed of it doesn't come through.
      expect(foundIn(JSON.stringify([script.lines, script.run.cause]), PARAMETER)).toEqual([]);
      // A control: what is looked for would be found.
      expect(foundIn(everything.rows + JSON.stringify(received), SECRET).length).toBeGreaterThan(0);
      expect(everything.rows).toContain('cannot sign in with');
    },
  );

  test('a value that is replaced counts from the next attempt on', async () => {
    await startOwnWorker();
    valueOf(await addSecret(admin, { name: 'CHANGING', value: 'first-value-1' }));
    const environment = [{ name: 'TOKEN', value: '{{secret.CHANGING}}' }];
    const work = {
      kind: 'script',
      text: 'case "$TOKEN" in second*) echo yes;; *) echo no;; esac',
      environment,
    } as const;
    expect((await ran(work)).lines).toEqual(['no']);
    valueOf(await replaceSecret(admin, { name: 'CHANGING', value: 'second-value-2' }));
    expect((await ran(work)).lines).toEqual(['yes']);
  });

  test('one that was deleted: the run fails with that sentence, and isn’t tried again', async () => {
    await startOwnWorker();
    valueOf(await addSecret(admin, { name: 'SHORT_LIVED', value: 'some-value-1' }));
    const { key, ...definition } = testDefinition();
    const { jobId } = valueOf(
      await createJob(admin, {
        ...definition,
        key,
        work: {
          kind: 'http',
          url: `http://${at}/`,
          headers: [{ name: 'x-token', value: '{{secret.SHORT_LIVED}}' }],
        },
        retry: { maxAttempts: 5 },
      }),
    );
    valueOf(await removeSecret(admin, { name: 'SHORT_LIVED' }));
    received = [];
    const { runId } = valueOf(await triggerJob(admin, { jobId }));
    const { run } = await endOf(runId);
    expect(run).toMatchObject({
      state: 'failed',
      attempts: 1,
      cause:
        'the secret SHORT_LIVED isn’t there any more. An admin can add it in Settings → Secrets.',
    });
    expect(received).toEqual([]);
  });

  test('a row that was swapped for another is not opened', async () => {
    await startOwnWorker();
    valueOf(await addSecret(admin, { name: 'HARMLESS', value: 'harmless-value' }));
    valueOf(await addSecret(admin, { name: 'PRECIOUS', value: 'precious-value' }));
    await web
      .db()
      .sql(
        `UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'PRECIOUS') WHERE name = 'HARMLESS'`,
      );
    const { run, lines } = await ran({
      kind: 'script',
      text: 'echo started',
      environment: [{ name: 'TOKEN', value: '{{secret.HARMLESS}}' }],
    });
    expect(run.cause).toMatch(/^the secret HARMLESS was changed in the database by something else/);
    expect(lines).toEqual([]);
  });

  test(
    'a worker with another key leaves the runs that need them, and does all others',
    { timeout: 90_000 },
    async () => {
      valueOf(await addSecret(admin, { name: 'LOCKED', value: 'locked-value-1' }));
      const stranger = await startWorker(web.db(), {
        PUNCTUAL_SECRET_KEY: randomBytes(32).toString('hex'),
      });
      const { key, ...definition } = testDefinition();
      const { jobId } = valueOf(
        await createJob(admin, {
          ...definition,
          key,
          work: {
            kind: 'script',
            text: 'echo started',
            environment: [{ name: 'TOKEN', value: '{{secret.LOCKED}}' }],
          },
        }),
      );
      const { runId } = valueOf(await triggerJob(admin, { jobId }));
      expect((await ran({ kind: 'script', text: 'echo other' })).lines).toEqual(['other']);
      await stranger.logged(({ msg }) => msg?.includes('does not open') ?? false);
      expect(valueOf(await readRun(admin, runId)).run).toMatchObject({
        state: 'queued',
        attempts: 0,
      });
      await startOwnWorker();
      expect((await endOf(runId)).lines).toEqual(['started']);
      await stranger.stop();
    },
  );
});
