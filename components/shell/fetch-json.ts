/** An answer that isn't the data asked for. `message` is a sentence for the reader where the server gave one. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Gets JSON from a route of this console, for the query functions of screens.
 * @throws HttpProblem for any status but 2xx, with the server's own sentence (`{ "error": … }`) where it gave one
 */
export async function fetchJson<Body>(address: string, signal?: AbortSignal): Promise<Body> {
  const response = await fetch(address, {
    headers: { accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new HttpProblem(response.status, await sentenceOf(response));
  return (await response.json()) as Body;
}

async function sentenceOf(response: Response): Promise<string> {
  const fallback = `${response.status} ${response.statusText}`.trim();
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('error' in body)) return fallback;
  const { error } = body;
  if (typeof error === 'string') return error;
  const isWorded = typeof error === 'object' && error !== null && 'message' in error;
  return isWorded && typeof error.message === 'string' ? error.message : fallback;
}
