import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as they stand in the link. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored. The token has 256 bits of its own, so a plain hash can't be turned back. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token stands behind the #: browsers don't send that, so no server and no proxy logs it. */
export function welcomeLink(origin: string, token: string): string {
  return `${origin}/welcome#${token}`;
}
