import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hostAndPort } from '#core/host-and-port.ts';
import { WORKER_FLAGS } from '#core/worker-flags.ts';
import { StartError } from './start-error.ts';
import { supervise, type Supervised } from './supervised.ts';

export type ConsoleOptions = {
  folder: string;
  port: number;
  host: string;
  isDevelopment: boolean;
  environment: NodeJS.ProcessEnv;
};

const READY_TIMEOUT_MS = 60_000;

/** Starts the web process. */
export function startConsole(options: ConsoleOptions): Supervised {
  return supervise({
    name: 'console',
    script: ['cli/web.ts', ...(options.isDevelopment ? ['--dev'] : [])],
    environment: {
      ...options.environment,
      NODE_ENV: options.isDevelopment ? 'development' : 'production',
      PORT: String(options.port),
      HOST: options.host,
    },
    logFile: path.join(options.folder, 'console.log'),
    worthSaying: (line, stream) =>
      line.trim() !== '' && (stream === 'stderr' || options.isDevelopment) ? line : null,
  });
}

/**
 * Starts the worker. It gets no secret of the console's. Its http jobs may reach the console, which everybody may who
 * reaches this host: a job can watch Punctual itself.
 *
 * @param reached the console; `at`: host and port as this host reaches it; `address`: what messages link to
 */
export function startWorker(
  folder: string,
  reached: { at: string; address: string },
  environment: NodeJS.ProcessEnv,
): Supervised {
  const {
    PUNCTUAL_AUTH_SECRET: _secret,
    PUNCTUAL_ADMIN_EMAIL: _email,
    PUNCTUAL_ADMIN_PASSWORD: _password,
    PORT: _port,
    ...rest
  } = environment;
  return supervise({
    name: 'worker',
    script: [...WORKER_FLAGS, 'worker/main.ts'],
    environment: {
      ...rest,
      PUNCTUAL_URL: reached.address,
      PUNCTUAL_HTTP_ALLOW: [rest.PUNCTUAL_HTTP_ALLOW, reached.at].filter(Boolean).join(','),
    },
    logFile: path.join(folder, 'worker.log'),
    worthSaying: workerWords,
  });
}

/**
 * Resolves when the console answers on its port.
 *
 * @throws StartError when its process ends before, or after 60 s
 */
export async function untilAnswers(
  web: Supervised,
  host: string,
  port: number,
  stopping: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const address = `http://${hostAndPort(host, port)}`;
  while (!stopping.aborted) {
    if (web.crashes() > 0 || Date.now() > deadline) {
      throw new StartError("The console doesn't start. What it wrote stands above and in its log.");
    }
    const answer = await fetch(`${address}/api/health`).catch(() => null);
    if (answer?.ok) return;
    await pause(50);
  }
}

const WARNING = 40;

/** The worker logs JSON lines for machines; people see its warnings and that it is ready. */
function workerWords(line: string, stream: 'stdout' | 'stderr'): string | null {
  // Standard error holds how it crashed, which is said with the crash.
  if (stream === 'stderr') return null;
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: unknown };
    const isWarning = typeof entry.level === 'number' && entry.level >= WARNING;
    if (!isWarning) return null;
    const reason = (entry.err as { message?: unknown } | undefined)?.message;
    return typeof reason === 'string' ? `${String(entry.msg)} (${reason})` : String(entry.msg);
  } catch {
    return line;
  }
}
