export const dynamic = 'force-dynamic';

/** Alive: this process answers. Asks nothing else, so that a database that is away never gets the process killed. */
export function GET(): Response {
  return Response.json({ status: 'alive' }, { headers: { 'cache-control': 'no-store' } });
}
