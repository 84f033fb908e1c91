import { isFree } from './ports.ts';
import { StartError } from './start-error.ts';

const USUAL_PORT = 3000;
const PORTS_TRIED = 100;

/**
 * The port for the console: the one asked for, else 3000 or the next one that is free.
 *
 * @throws StartError when the port asked for is taken
 */
export async function consolePort(asked: number | undefined, host: string): Promise<number> {
  if (asked !== undefined) {
    if (await isFreeFor(asked, host)) return asked;
    throw new StartError(
      `PORT is ${asked}, and another program listens there already (on ${host}). ` +
        'End that program, or set PORT to another, or leave it unset to get the next one that is free.',
    );
  }
  for (let port = USUAL_PORT; port < USUAL_PORT + PORTS_TRIED; port++) {
    if (await isFreeFor(port, host)) return port;
  }
  throw new StartError(
    `Every port from ${USUAL_PORT} to ${USUAL_PORT + PORTS_TRIED - 1} is taken. Set PORT to one that is free.`,
  );
}

// A browser that is told `localhost` may try ::1 first and must not meet somebody else there.
async function isFreeFor(port: number, host: string): Promise<boolean> {
  if (!(await isFree(port, host))) return false;
  return host !== '127.0.0.1' || (await isFree(port, '::1'));
}

/** The address that a person at this host opens. */
export function consoleAddress(port: number, host: string, configured: string | undefined): string {
  if (configured !== undefined) return configured.replace(/\/$/, '');
  const isAnywhere = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host);
  const name = isAnywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
