import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import { fillTemplate, secretsIn } from '#core/jobs/kinds/template.ts';
import type { Work } from '../kind.ts';
import { placeholderValues } from '../placeholder-values.ts';
import { traceparent } from '../trace.ts';

/** One request as it goes out. Header names are lower case. */
export type Outgoing = {
  method: HttpConfig['method'];
  url: URL;
  headers: Record<string, string>;
  body: string | null;
  /** The job's secrets stand in it. */
  hasSecretBody: boolean;
};

type Prepared = { ok: true; request: Outgoing } | { ok: false; problem: string };

/** Fills the job's templates in. What a parameter holds can't leave its place: it is escaped for where it stands. */
export function prepareRequest(work: Work<HttpConfig>): Prepared {
  const { config } = work;
  const values = placeholderValues(work);
  const url = fillTemplate(config.url, values, inAddress);
  if (url.problem) return { ok: false, problem: url.problem };
  if (!URL.canParse(url.text)) return { ok: false, problem: `${url.text} is not an address` };
  const target = new URL(url.text);
  if (target.origin !== new URL(config.url).origin) {
    return { ok: false, problem: 'a parameter or a secret would change the host of the address' };
  }
  if (hasDotSegment(config.url, url.text)) {
    return {
      ok: false,
      problem:
        'a parameter or a secret holds “.” or “..”, which would change the path of the address',
    };
  }

  const headers: Record<string, string> = {
    'user-agent': 'Punctual',
    accept: '*/*',
    'accept-encoding': 'identity',
    traceparent: traceparent(work.traceId),
    ...stretchHeaders(work),
  };
  const credentials = takeCredentials(target);
  if (credentials) headers['authorization'] = credentials;
  for (const { name, value } of config.headers) {
    const filled = fillTemplate(value, values);
    if (filled.problem) return { ok: false, problem: filled.problem };
    // A line break or NUL would make two headers of one.
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(filled.text)) {
      return {
        ok: false,
        problem: `a parameter or a secret in the header ${name} holds a control character`,
      };
    }
    headers[name.toLowerCase()] = Buffer.from(filled.text, 'utf8').toString('latin1');
  }

  const body = fillTemplate(config.body, values, escapeFor(headers['content-type'] ?? ''));
  if (body.problem) return { ok: false, problem: body.problem };
  return {
    ok: true,
    request: {
      method: config.method,
      url: target,
      headers,
      body: body.text || null,
      hasSecretBody: secretsIn(config.body).length > 0,
    },
  };
}

/** A header can't be empty for every server: what the first run has no value for is left out. */
function stretchHeaders({ stretch: { from, to }, trigger }: Work<unknown>): Record<string, string> {
  return {
    ...(from ? { 'punctual-from': from.toISOString() } : {}),
    'punctual-to': to.toISOString(),
    ...(trigger === 'test' ? { 'punctual-test': '1' } : {}),
  };
}

// Headers that say nothing of who asks. All others may be keys to the first host, whatever their names.
const HARMLESS = ['user-agent', 'accept', 'accept-encoding', 'traceparent', 'content-type'];

/**
 * The request that follows a redirect (RFC 9110, 15.4): 303 asks with GET, as 301 and 302 do after a POST; 307 and 308
 * repeat the request. Another origin gets none of the headers that the job set for the first.
 */
export function redirected(from: Outgoing, status: number, location: string): Outgoing | null {
  if (!URL.canParse(location, from.url)) return null;
  const url = new URL(location, from.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  takeCredentials(url);
  const becomesGet =
    (status === 303 && from.method !== 'HEAD') ||
    ((status === 301 || status === 302) && from.method === 'POST');
  let headers = { ...from.headers };
  if (url.origin !== from.url.origin) {
    headers = Object.fromEntries(
      Object.entries(headers).filter(([name]) => HARMLESS.includes(name)),
    );
  }
  if (!becomesGet) return { ...from, url, headers };
  delete headers['content-type'];
  return { method: 'GET', url, headers, body: null, hasSecretBody: false };
}

// encodeURIComponent leaves ' alone, which ends an attribute or a quoted value in what some servers do with addresses.
function inAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
}

/** How a value is written into a body of this type. */
export function escapeFor(contentType: string): (text: string) => string {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json' || type.endsWith('+json')) return inJsonString;
  if (type === 'application/x-www-form-urlencoded') return inAddress;
  return (text) => text;
}

function inJsonString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

// The URL parser resolves %2e%2e like .. itself, so these two can't be escaped at all.
function hasDotSegment(template: string, filled: string): boolean {
  const dots = (text: string) =>
    text
      .split(/[?#]/)[0]!
      .split('/')
      .filter((segment) => segment === '.' || segment === '..').length;
  return dots(filled) > dots(template);
}

/** Takes user and password out of an address, as the value of an Authorization header. */
function takeCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}
