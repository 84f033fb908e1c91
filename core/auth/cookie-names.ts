/** Cookies are `__Host-` and Secure exactly where the console's address is https. */
export function cookieName(
  purpose: 'session' | 'code' | 'provider' | 'refused',
  punctualUrl: string | undefined,
): string {
  return `${isHttps(punctualUrl) ? '__Host-' : ''}punctual.${purpose}`;
}

export const isHttps = (url: string | undefined) => url?.startsWith('https://') === true;
