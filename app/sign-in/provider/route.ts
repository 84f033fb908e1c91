import { consoleOrigin } from '#core/auth/origin.ts';
import { cookieName, isHttps } from '#core/auth/cookie-names.ts';
import {
  finishProviderSignIn,
  keepRefusal,
  type SealedCookie,
} from '#core/auth/provider-sign-in.ts';
import { environment } from '#core/environment.ts';
import { refusalOf } from '../../actions/refusal-of.ts';

export const dynamic = 'force-dynamic';

/** Where the identity provider sends a person back to, with its answer in the address. */
export async function GET(request: Request): Promise<Response> {
  const { PUNCTUAL_URL } = environment();
  const origin = consoleOrigin(request.headers, PUNCTUAL_URL);
  if (!origin.ok) return new Response(origin.message, { status: 403 });
  const entry = await finishProviderSignIn(request.headers, new URL(request.url)).catch(
    (error: unknown) => ({ ok: false as const, message: refusalOf(error).refusal.message }),
  );
  const headers = new Headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  const spent = { name: cookieName('provider', PUNCTUAL_URL), value: '', maxAgeSeconds: 0 };
  headers.append('set-cookie', header(spent));
  if (entry.ok) {
    for (const cookie of entry.cookies) headers.append('set-cookie', cookie);
    headers.set('location', origin.origin + entry.next);
  } else {
    const { id, cookie } = await keepRefusal(entry.message);
    headers.append('set-cookie', header(cookie));
    headers.set('location', `${origin.origin}/sign-in?refused=${id}`);
  }
  return new Response(null, { status: 303, headers });
}

function header({ name, value, maxAgeSeconds }: SealedCookie): string {
  const secure = isHttps(environment().PUNCTUAL_URL) ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
