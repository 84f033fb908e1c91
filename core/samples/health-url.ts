import { environment } from '../environment.ts';
import { hostAndPort } from '../host-and-port.ts';

/** The console's own /api/health as a worker on the same host reaches it; `npm start` lets its worker through to it. */
export function ownHealthUrl(): string {
  const { HOST, PORT = 3000 } = environment();
  return `http://${hostAndPort(HOST, PORT)}/api/health`;
}
