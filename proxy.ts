import { checkWrite } from '#core/auth/origin.ts';
import { NextResponse, type NextRequest } from 'next/server';
import { isActionBody } from './app/actions/action-body.ts';

// As next.config.ts has it.
const MOST_BYTES = 4 * 1024 * 1024;

const isDevelopment = process.env.NODE_ENV === 'development';

/**
 * Gives each page its policy with a fresh nonce. It decides nothing about who may see what: that is the
 * use-cases' business.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const refused = refusal(request) ?? (await unreadable(request));
  if (refused) return refused;
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = contentPolicy(nonce);

  const requestHeaders = new Headers(request.headers);
  requestHeaders.set('x-nonce', nonce);
  // A layout doesn't know the address; it leads back here after signing in.
  requestHeaders.set('x-path', request.nextUrl.pathname + request.nextUrl.search);
  // Next reads the nonce for its own scripts out of the request's policy.
  requestHeaders.set('content-security-policy', policy);

  const response = NextResponse.next({ request: { headers: requestHeaders } });
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(fixedHeaders)) response.headers.set(name, value);
  // Over plain http on a private address browsers ignore this one, and complain in the console.
  if (isHttps())
    response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  if (isTrustworthy(request)) response.headers.set('cross-origin-opener-policy', 'same-origin');
  return response;
}

/**
 * What Next itself would refuse before an action is reached, but with 500 and without a word. Actions and routes check
 * the origin themselves all the same.
 */
function refusal(request: NextRequest): NextResponse | null {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) {
    return refuse(413, 'This request is too large: at most 4 MB are read. Send less.');
  }
  if (!request.headers.has('next-action') || !request.headers.has('origin')) return null;
  const check = checkWrite(request.headers, process.env['PUNCTUAL_URL'] || undefined);
  return check.ok ? null : refuse(403, check.message);
}

/** An action's body that can't be decoded. No form of the console is sent without its script, so none has parts. */
async function unreadable(request: NextRequest): Promise<NextResponse | null> {
  if (request.method !== 'POST' || request.nextUrl.pathname.startsWith('/api/')) return null;
  const hasParts = /^\s*multipart\//i.test(request.headers.get('content-type') ?? '');
  const isAction = request.headers.has('next-action');
  if (!hasParts && !isAction) return null;
  if (!hasParts && isActionBody(await request.clone().text())) return null;
  return refuse(400, 'This request can’t be read, so nothing was changed. Load the page anew.');
}

function refuse(status: number, message: string): NextResponse {
  return new NextResponse(message, {
    status,
    headers: { ...fixedHeaders, 'content-type': 'text/plain; charset=utf-8' },
  });
}

export const config = {
  // Built files carry no policy: they are the same for everyone and kept by caches.
  matcher: ['/((?!_next/static|_next/image).*)'],
};

const fixedHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-resource-policy': 'same-origin',
  // For browsers that don't know frame-ancestors.
  'x-frame-options': 'DENY',
};

/** As configured: what a request says of itself could be anybody's. */
const isHttps = () => process.env['PUNCTUAL_URL']?.startsWith('https://') === true;

function isTrustworthy(request: NextRequest): boolean {
  const scheme = request.headers.get('x-forwarded-proto') ?? request.nextUrl.protocol;
  const { hostname } = request.nextUrl;
  return scheme.startsWith('https') || hostname === 'localhost' || hostname === '127.0.0.1';
}

function contentPolicy(nonce: string): string {
  // React rebuilds server stacks with eval while developing, never in a build.
  const evalInDevelopment = isDevelopment ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evalInDevelopment}`,
    // Floating layers are placed by inline styles, which can't carry a nonce.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
