// `npm run web`: the console alone, against the database that DATABASE_URL names. `npm start` runs it as its child.
import path from 'node:path';
import { stampRequests } from '#core/auth/client-address.ts';
import { untilRouteIsRight } from '#core/check-route.ts';
import { environment, EnvironmentError } from '#core/environment.ts';
import { closeIdleConnectionsWhenTold } from './idle-connections.ts';
import { watchHealth } from './health-watch.ts';
import { consoleAddress } from './start/console-port.ts';
import { isConsoleBuilt } from './start/build-console.ts';
import { answerUnanswerableRequests } from './unanswerable-requests.ts';

const isDevelopment = process.argv.includes('--dev');

try {
  const { PORT = 3000, HOST, PUNCTUAL_AUTH_SECRET, PUNCTUAL_URL } = environment();
  if (PUNCTUAL_AUTH_SECRET === undefined) {
    throw new EnvironmentError(
      'PUNCTUAL_AUTH_SECRET is not set: it must be at least 32 random characters, for example from ' +
        '`openssl rand -base64 32`, and the same for every web process.\nSee docs/configuration.md.',
    );
  }
  if (!isDevelopment && !isConsoleBuilt()) {
    throw new EnvironmentError(
      'The console is not built from these sources. Run `npm run build` first.',
    );
  }
  leaveWithParent();
  closeIdleConnectionsWhenTold();
  answerUnanswerableRequests();
  stampRequests(PUNCTUAL_URL);
  // A database that is away is waited for: the console says so meanwhile.
  void untilRouteIsRight(environment()).catch(leave);
  watchHealth(environment(), consoleAddress(PORT, HOST, PUNCTUAL_URL));
  await serve(PORT, HOST);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function leave({ message }: Error): void {
  console.error(message);
  process.exit(1);
}

// The channel from `npm start` closes when that process is gone, also after kill -9.
function leaveWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 10_000).unref();
  });
}

async function serve(port: number, host: string): Promise<void> {
  process.env['NEXT_TELEMETRY_DISABLED'] = '1';
  process.chdir(path.resolve(import.meta.dirname, '..'));
  const command = isDevelopment ? 'dev' : 'start';
  process.argv = [process.argv[0]!, 'next', command, '-p', String(port), '-H', host];
  await import('next/dist/bin/next');
}
