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
    DATABASE_URL: postgres.url,
    PUNCTUAL_AUTH_SECRET: 'a secret of more than 32 characters',
  };
  const run = (...words: string[]) => {
    const child = spawn('node', words, { cwd: image, env: environment, stdio: 'inherit', ...user });
    started.push(child);
    ends.push(once(child, 'exit'));
    return child;
  };
  try {
    await ended(run('prisma/migrate.ts'));
    run('cli/web.ts');
    run('worker/main.ts');
    run('worker/main.ts');
    await untilReady(`http://127.0.0.1:${port}`);
    say('Ready: the console and two workers, from files that they can’t write.');
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
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() };
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
