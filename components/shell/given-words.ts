// Components for the browser are rendered on the server from a bundle of their own, with modules of its own: what both sides of
// it share is the process.
type Shared = { punctualWords?: Record<string, unknown> };

/** On the server, before the page is rendered: what the browser will find at the address. */
export function giveWords(address: string, messages: unknown): void {
  ((globalThis as Shared).punctualWords ??= {})[address] = messages;
}

/** On the server. */
export const givenWords = (address: string): unknown =>
  (globalThis as Shared).punctualWords?.[address];
