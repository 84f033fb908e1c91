// Tries deploy/Dockerfile where no container engine is: `npm exec -- node deploy/try.ts`. The steps of its build stage run
// in an empty folder; what they leave is made unwritable and started as the image would be, as a user of its own when root
// does it, against a PostgreSQL of its own: migrations, console, two workers. Ends with 0 when they are ready.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../cli/start/embedded-postgres.ts';
import { freePort } from '../cli/start/ports.ts';
import { say } from '../cli/start/say.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'punctual-deploy-'));
const image = path.join(folder, 'srv');
// Another than root, whom no file of the image belongs to.
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const started: ChildProcess[] = [];
const ends: Promise<unknown>[] = [];

try {
  chmodSync(folder, 0o755);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  const PATH = `${bin}:${process.env['PATH']}`;

  mkdirSync(image);
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    cpSync(path.join(ROOT, file), path.join(image, file), { recursive: true });
  }
  for (const step of buildSteps()) {
    say(`RUN ${step}`);
    execFileSync('sh', ['-c', step], {
      cwd: image,
      env: { ...process.env, PATH, NEXT_TELEMETRY_DISABLED: '1' },
      stdio: 'inherit',
    });
  }
  execFileSync('chmod', ['-R', 'a-w,a+rX', image]);

  await using postgres = await database();
  const port = await freePort();
  const environment = {
    PATH,
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: postgres.applicationUrl,
  };
  const run = (word: string, more: Record<string, string> = {}) => {
    const env = { ...environment, ...more };
    const child = spawn('node', [word], { cwd: image, env, stdio: 'inherit', ...user });
    started.push(child);
    ends.push(once(child, 'exit'));
    return child;
  };
  try {
    await ended(run('prisma/migrate.ts', { PUNCTUAL_OWNER_DATABASE_URL: postgres.ownerUrl }));
    run('cli/web.ts', { PUNCTUAL_AUTH_SECRET: 'a secret of more than 32 characters' });
    run('worker/main.ts');
    run('worker/main.ts');
    await untilReady(`http://127.0.0.1:${port}`);
    await checkTrail(postgres.applicationUrl);
    say(
      'Ready: the console and two workers, from files that they can’t write, as a role that can’t change the trail.',
    );
  } finally {
    for (const child of started) child.kill('SIGTERM');
    await Promise.all(ends);
  }
} finally {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** The RUN instructions of the Dockerfile's first stage. */
function buildSteps(): string[] {
  const [stage] = readFileSync(path.join(import.meta.dirname, 'Dockerfile'), 'utf8')
    .split(/^FROM /m)
    .slice(1);
  return [...stage!.replaceAll('\\\n', '').matchAll(/^RUN (.*)$/gm)].map(([, step]) => step!);
}

async function database() {
  const data = path.join(folder, 'data');
  mkdirSync(data, { mode: 0o711 });
  const server = await startEmbeddedPostgres(data);
  const password = 'of the application';
  // The embedded server has such a role already; Compose makes its own.
  await asked(server.url, 'ALTER ROLE punctual_app RENAME TO made_before');
  await asked(server.url, rolesOf({ PUNCTUAL_APP_PASSWORD: password }));
  const application = new URL(server.url);
  application.username = 'punctual_app';
  application.password = password;
  return {
    ownerUrl: server.url,
    applicationUrl: application.href,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** deploy/postgres-roles.sql as psql reads it, which needn't be here: of its own commands that file has \\getenv alone. */
function rolesOf(environment: Record<string, string>): string {
  const written = readFileSync(path.join(import.meta.dirname, 'postgres-roles.sql'), 'utf8');
  const values = new Map<string, string>();
  const statements = written.replace(/^\\getenv (\w+) (\w+)$/gm, (_, name: string, of: string) => {
    values.set(name, environment[of] ?? '');
    return '';
  });
  return statements.replace(/:'(\w+)'/g, (_, name: string) => pg.escapeLiteral(values.get(name)!));
}

async function asked(url: string, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

/** The role that console and workers have can neither change the trail nor become the one that can. */
async function checkTrail(url: string): Promise<void> {
  for (const statement of ['DELETE FROM audit_entry', 'SET ROLE punctual']) {
    const refused = await asked(url, statement).then(
      () => null,
      (error: unknown) => error,
    );
    if ((refused as { code?: string } | null)?.code !== '42501') {
      throw new Error(`“${statement}” isn’t refused.`);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}.`);
}

async function untilReady(origin: string): Promise<void> {
  const patience = AbortSignal.timeout(60_000);
  for (;;) {
    const answer = await fetch(`${origin}/api/ready`).catch(() => null);
    const page = answer?.ok ? await fetch(`${origin}/sign-in`) : null;
    if (page?.ok) return;
    if (patience.aborted) throw new Error(`Not ready: ${await answer?.text()}`);
    await pause(500);
  }
}
