import type { Refusal } from '#core/outcome.ts';

/** An answer that isn't the data asked for. `message` is a sentence for the reader where the server gave one. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly refusal: Refusal | null;

  constructor(status: number, refusal: Refusal | null) {
    super(refusal?.message ?? `The server answered with ${status}.`);
    this.status = status;
    this.refusal = refusal;
  }
}

/**
 * Gets JSON from a route of this console (`defineRoute`), for the query functions of screens.
 * @throws HttpProblem for any status but 2xx, with the refusal that the route gave
 */
export async function fetchJson<Body>(address: string, signal?: AbortSignal): Promise<Body> {
  const response = await fetch(address, {
    headers: { accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new HttpProblem(response.status, await refusalIn(response));
  return (await response.json()) as Body;
}

/**
 * Asks a route for JSON with more than an address holds.
 * @throws HttpProblem as `fetchJson` does
 */
export async function askJson<Body>(
  address: string,
  question: object,
  signal?: AbortSignal,
): Promise<Body> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(question),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new HttpProblem(response.status, await refusalIn(response));
  return (await response.json()) as Body;
}

async function refusalIn(response: Response): Promise<Refusal | null> {
  const body: unknown = await response.json().catch(() => null);
  const hasRefusal = typeof body === 'object' && body !== null && 'refusal' in body;
  return hasRefusal ? (body.refusal as Refusal) : null;
}
