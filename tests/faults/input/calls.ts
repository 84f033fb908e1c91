import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Asked } from '#tests/support/callers.ts';

/** What a console answered to one call. */
export type Answer = {
  status: number;
  text: string;
  /** Of an action whose answer could be read: whether it did it, and else why not. */
  said: { ok: boolean; code: string | null } | null;
};

const ROOT = path.resolve(import.meta.dirname, '../../..');
const LONGEST_MS = 60_000;

/** A browser with a session, on a real console; `cookie` of the session, and what a step before gave. */
export type Browser = { url: string; cookie: string };

/** The server actions of the build by their name in tests/support/every-action.ts: id, and a page that has it. */
export function builtActions(): Map<string, { id: string; page: string }> {
  const file = path.join(ROOT, '.next/server/server-reference-manifest.json');
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as {
    node: Record<
      string,
      { filename: string; exportedName: string; workers: Record<string, unknown> }
    >;
  };
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName, workers }]) => {
      const pages = Object.keys(workers).map(addressOf);
      const page = pages.find((address) => !address.includes('[')) ?? filled(pages[0]!);
      return [`${filename}#${exportedName}`, { id, page }];
    }),
  );
}

const addressOf = (page: string) =>
  page.replace(/^app/, '').replaceAll(/\/\([^)]*\)|\/page$/g, '') || '/';
const filled = (page: string) => page.replaceAll('[key]', 'any').replaceAll('[id]', '1');

/** Calls a server action as the console's own pages do. */
export async function act(
  browser: Browser,
  { id, page }: { id: string; page: string },
  input: unknown,
): Promise<Answer> {
  const response = await fetch(`${browser.url}${page}`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(LONGEST_MS),
    headers: {
      cookie: browser.cookie,
      origin: browser.url,
      'next-action': id,
      'content-type': 'text/plain;charset=UTF-8',
    },
    body: encoded([input]),
  });
  const text = await response.text();
  const said =
    response.status === 303 ? { ok: true, code: null } : response.ok ? saidIn(text) : null;
  return { status: response.status, text, said };
}

/** Asks a route; its parameters stand in the address, whatever they are. */
export async function ask(browser: Browser, name: string, asked: Asked): Promise<Answer> {
  const [method, file] = name.split(' ') as [string, string];
  const own = path.dirname(file).replace(/^app/, '');
  const params = asked.params ?? {};
  const address = own
    .replaceAll(/\[([^\].]+)\]/g, (_, param: string) => inAddress(params[param]))
    .replace(/\[\.\.\.(\w+)\]/, (_, param: string) =>
      [params[param]].flat().map(inAddress).join('/'),
    );
  const query = Object.entries(asked.query ?? {}).flatMap(([key, value]) =>
    [value].flat().map((one) => `${inAddress(key)}=${inAddress(one)}`),
  );
  const response = await fetch(`${browser.url}${address}?${query.join('&')}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(LONGEST_MS),
    headers: {
      cookie: browser.cookie,
      ...(method !== 'GET' && { origin: browser.url, 'content-type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: inJson(asked.body) }),
  });
  return { status: response.status, text: await textOf(response), said: null };
}

const inJson = (body: unknown) => JSON.stringify(body ?? {}) ?? '{}';

/** A stream never ends: its beginning is enough. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return response.text();
  }
  await response.body?.cancel();
  return '';
}

/** Also what isn't text, and half a surrogate pair as the bytes that somebody would send. */
function inAddress(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  if (text === '.' || text === '..') return text.replaceAll('.', '%2E');
  return text
    .slice(0, 8_000)
    .split(LONE)
    .map((part) => encodeURIComponent(part))
    .join('%ED%A0%80');
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** As React writes the arguments of an action. */
function encoded(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, given: unknown) {
    const own = this[name];
    if (own instanceof Date) return Number.isNaN(own.getTime()) ? '$D' : `$D${own.toISOString()}`;
    if (typeof given === 'string') return given.startsWith('$') ? `$${given}` : given;
    if (given === undefined) return '$undefined';
    if (typeof given !== 'number') return given;
    if (Number.isNaN(given)) return '$NaN';
    if (!Number.isFinite(given)) return given > 0 ? '$Infinity' : '$-Infinity';
    return Object.is(given, -0) ? '$-0' : given;
  });
}

/** What the action answered, out of React's rows: row 0, `{"a":"$@1",…}`, names the row that it stands in. */
function saidIn(text: string): Answer['said'] {
  const rows = rowsOf(text);
  const [, row] = /^\{"a":"\$@(\w+)"/.exec(rows.get('0') ?? '') ?? [];
  const json = rows.get(row ?? '');
  if (!json?.startsWith('{')) return null;
  const { ok, refusal } = JSON.parse(json) as { ok?: unknown; refusal?: unknown };
  if (typeof ok !== 'boolean') return null;
  if (ok) return { ok, code: null };
  const code = (refusal as { code?: unknown } | undefined)?.code;
  return { ok, code: typeof code === 'string' ? code : null };
}

/** A row is `<id>:<JSON>` and a line end, or, of a long text, `<id>:T<its bytes, hexadecimal>,<text>`. */
function rowsOf(text: string): Map<string, string> {
  const rows = new Map<string, string>();
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const colon = rest.indexOf(':');
    if (colon === -1) break;
    const id = rest.toString('utf8', 0, colon);
    const [head, length] =
      /^T([0-9a-f]+),/.exec(rest.toString('latin1', colon + 1, colon + 20)) ?? [];
    const from = colon + 1 + (head?.length ?? 0);
    const end =
      length === undefined ? rest.indexOf('\n', from) : from + Number.parseInt(length, 16);
    rows.set(id, rest.toString('utf8', from, end === -1 ? rest.length : end));
    rest = rest.subarray(length === undefined ? (end === -1 ? rest.length : end + 1) : end);
  }
  return rows;
}
