import pino from 'pino';
import { untilRouteIsRight } from '#core/check-route.ts';
import { environment, EnvironmentError } from '#core/environment.ts';
import packageJson from '../package.json' with { type: 'json' };
import { kinds } from './kinds/kinds.ts';
import { startWorker, type Worker } from './worker.ts';

const logger = pino(
  { level: levelOf(process.env['PUNCTUAL_LOG_LEVEL']), base: { pid: process.pid } },
  // Written at once: the last lines of a process that dies are the ones that matter.
  pino.destination({ fd: 1, sync: true }),
);
// Whoever read the log may be gone; that is no reason to drop runs.
process.stdout.on('error', () => {});

let worker: Worker | undefined;
let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal, 0));
// The parent holds the channel for as long as it lives, also when it is killed.
if (process.send) process.on('disconnect', () => void stop('the parent process ended', 0));
process.on('uncaughtException', (error) => {
  logger.fatal({ err: error }, 'the worker made a mistake and stops');
  process.exitCode = 1;
  // The runs' processes would outlive a plain crash.
  void stop('uncaughtException', 1);
  void worker?.stop();
});

try {
  await untilRouteIsRight(environment(), sayAwayOnce());
  worker = await startWorker({
    environment: environment(),
    version: packageJson.version,
    logger,
    kinds: kindsToExecute(environment().PUNCTUAL_KINDS),
  });
  if (!isStopping) {
    const { workerId, name } = worker.identity;
    logger.info({ workerId, name, version: packageJson.version }, 'worker ready');
  }
} catch (error) {
  if (error instanceof EnvironmentError || error instanceof RangeError) {
    process.stderr.write(`${error.message}\n`);
  } else logger.fatal({ err: error }, 'the worker could not start');
  process.exit(1);
}

async function stop(why: string, exitCode: number): Promise<void> {
  logger.info({ why, again: isStopping }, 'told to stop');
  const isFirst = !isStopping;
  isStopping = true;
  if (!worker) process.exit(exitCode);
  await worker.stop();
  if (isFirst) process.exit(exitCode);
}

/** Says why the database can't be used yet, each reason once in a row. */
function sayAwayOnce(): (error: unknown) => void {
  let last = '';
  return (error) => {
    if (String(error) !== last) {
      logger.error({ err: error }, 'the database can’t be used yet; trying again');
    }
    last = String(error);
  };
}

/** @throws EnvironmentError naming the kinds that there are */
function kindsToExecute(names: readonly string[]) {
  const unknown = names.filter((name) => !kinds.has(name));
  if (unknown.length > 0) {
    throw new EnvironmentError(
      `PUNCTUAL_KINDS names ${unknown.join(', ')}; there are ${[...kinds.keys()].join(', ')}.`,
    );
  }
  return new Map([...kinds].filter(([name]) => names.length === 0 || names.includes(name)));
}

/** The level is needed before the environment is parsed, to report what is wrong with it. */
function levelOf(text: string | undefined): string {
  return text && text in { ...pino.levels.values, silent: 0 } ? text : 'info';
}
