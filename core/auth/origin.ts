/**
 * Where the console is reached and which requests may write: pure rules, fed with headers.
 *
 * With PUNCTUAL_URL that address alone counts. Without it the console answers under private names and addresses over
 * plain http, which also shuts out DNS rebinding: a public name that points at a private address is refused.
 */
import ipaddr from 'ipaddr.js';

export type ConsoleOrigin = { ok: true; origin: string } | { ok: false; message: string };

type Headers = { get(name: string): string | null };

/** The console's own origin (`https://punctual.example.org`) as this request is to see it. X-Forwarded-Host never counts. */
export function consoleOrigin(headers: Headers, punctualUrl: string | undefined): ConsoleOrigin {
  if (punctualUrl !== undefined) return { ok: true, origin: new URL(punctualUrl).origin };
  const host = headers.get('host') ?? '';
  const address = parseHost(host);
  if (address === null) return { ok: false, message: 'The request names no host.' };
  if (isPrivateHost(address.hostname)) return { ok: true, origin: address.origin };
  return {
    ok: false,
    message:
      `Punctual doesn’t know that it is reached as ${address.host}. ` +
      'Set PUNCTUAL_URL to the address in your browser, best with https, and start it again.',
  };
}

export type WriteCheck = { ok: true; origin: string } | { ok: false; message: string };

const ELSEWHERE =
  'This request came from another page than the console, so nothing was changed. Open the console and do it there.';

/**
 * A write must say that it comes from the console itself: an absent or `null` Origin is refused, unlike Next and
 * better-auth do, and so is what the browser calls cross-site or same-site.
 */
export function checkWrite(headers: Headers, punctualUrl: string | undefined): WriteCheck {
  const own = consoleOrigin(headers, punctualUrl);
  if (!own.ok) return own;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return { ok: false, message: ELSEWHERE };
  const origin = headers.get('origin');
  if (origin === null || origin.toLowerCase() !== own.origin) {
    return { ok: false, message: ELSEWHERE };
  }
  return own;
}

/** Where to go after signing in: a path of the console, never another host. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith('/') || next.startsWith('//') || /[\\\p{Cc}]/u.test(next)) return '/';
  const base = 'http://console.invalid';
  try {
    const address = new URL(next, base);
    if (address.origin !== base) return '/';
    if (/^\/(sign-in|welcome|api)(\/|$)/.test(address.pathname)) return '/';
    // `/.//evil.example` becomes a path of two slashes, which a browser takes for another host.
    if (address.pathname.startsWith('//')) return '/';
    return address.pathname + address.search + address.hash;
  } catch {
    return '/';
  }
}

function parseHost(host: string): { origin: string; host: string; hostname: string } | null {
  if (!/^[^\s/\\@?#]+$/.test(host)) return null;
  try {
    return new URL(`http://${host}`);
  } catch {
    return null;
  }
}

const PRIVATE_RANGES = new Set([
  'loopback',
  'private',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
]);
const PRIVATE_NAMES = /^[^.]+$|\.(localhost|local|lan|internal|home\.arpa)$/;

/** Names without a dot (`localhost`, a container's), the names reserved for private use, and private addresses. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (ipaddr.isValid(bare)) return PRIVATE_RANGES.has(ipaddr.process(bare).range());
  return PRIVATE_NAMES.test(bare);
}
