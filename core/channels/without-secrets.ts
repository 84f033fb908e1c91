import type { ChannelSecrets } from './channel.ts';

// A shorter piece of an address, such as `hook` or `v2`, gives no access and stands in many sentences.
const LEAST_LENGTH = 8;

/**
 * A text of the other side's, or about it, without what gives access to the channel: it may repeat what it was sent, as it
 * was, encoded for an address, escaped in JSON or in base64.
 */
export function withoutSecrets(text: string, secrets: ChannelSecrets): string {
  if (text === '') return text;
  const forms = secretParts(secrets).flatMap((part) => [
    part,
    encodeURIComponent(part.toWellFormed()),
    JSON.stringify(part).slice(1, -1),
    Buffer.from(part).toString('base64').replace(/=+$/, ''),
    Buffer.from(part).toString('base64url'),
  ]);
  return [...new Set(forms)]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, '•••'), text);
}

function secretParts({ url, secret, headers }: ChannelSecrets): string[] {
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  const ofAddress = partsOfAddress(url).filter((part) => !isWord(part));
  return [...ofAddress, secret, ...values].filter((part) => part.length >= LEAST_LENGTH);
}

// `services`, `open-apis`: parts of every address of their kind.
const isWord = (part: string) => part.length < 16 && /^[a-z-]+$/.test(part);

function partsOfAddress(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const path = url.pathname.split('/').flatMap((part) => [part, decoded(part)]);
  const { username, password } = url;
  return [
    ...path,
    ...url.searchParams.values(),
    ...url.search.slice(1).split(/[&=]/),
    decoded(username),
    decoded(password),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
