import { z } from 'zod';
import { RANGES_RISE, rangesRise } from '../ranges.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

// They frame the message; a wrong one would make two requests of one.
const OWN_HEADERS = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const Header = z.object({
  name: z
    .string()
    .regex(
      /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}$/,
      'A header’s name has letters, digits and hyphens, no spaces and no line breaks.',
    )
    .refine(
      (name) => !OWN_HEADERS.includes(name.toLowerCase()),
      'Punctual sets this header itself: leave it out.',
    ),
  value: z
    .string()
    .max(8_000, 'A header’s value has at most 8,000 characters.')
    .regex(/^[^\r\n\0]*$/, 'A header’s value has no line breaks.')
    // What HTTP can carry (RFC 9110, 5.5); a request with another one would fail at every tick.
    .regex(
      /^[\t\r\n\0 -~\u0080-\u00ff]*$/,
      'A header’s value has only Latin characters. Encode others, for example as %E2%82%AC.',
    ),
});

/** One HTTP request. Address, header values and body may name {{param.NAME}}, {{secret.NAME}}, {{tick}} and others. */
export const HttpConfig = z.object({
  kind: z.literal('http'),
  method: z.enum(HTTP_METHODS).default('GET'),
  url: z
    .string()
    .trim()
    .max(4_000, 'The address has at most 4,000 characters.')
    .refine(
      isHttpAddress,
      'The address begins with http:// or https:// and names a host, for example https://example.com/ping.',
    )
    .refine(
      hasFixedHost,
      'A parameter can stand in the path or the query of the address, not in its host: who may only trigger the job must not choose where it sends its headers.',
    ),
  headers: z.array(Header).max(100, 'There are at most 100 headers.').default([]),
  body: z
    .string()
    .refine(
      (text) => new TextEncoder().encode(text).length <= 1_000_000,
      'The body has at most 1 MB. Shorten it, or let a script send it.',
    )
    .default(''),
  /** Statuses that count as success: numbers and ranges. */
  expectedStatuses: z
    .string()
    .trim()
    .regex(
      /^[1-5]\d\d(\s*-\s*[1-5]\d\d)?(\s*,\s*[1-5]\d\d(\s*-\s*[1-5]\d\d)?)*$/,
      'List statuses and ranges, for example 200-299, 404.',
    )
    .refine(rangesRise, RANGES_RISE)
    .default('200-299'),
  /** Redirects are answers like others unless followed; each one passes the same guard. */
  maxRedirects: z
    .int()
    .min(0, 'At least 0 redirects are followed.')
    .max(10, 'At most 10 redirects are followed.')
    .default(0),
});
export type HttpConfig = z.output<typeof HttpConfig>;

function isHttpAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
  } catch {
    return false;
  }
}

function hasFixedHost(text: string): boolean {
  const end = text.slice(text.indexOf('://') + 3).search(/[/?#]/);
  const authority = text.slice(text.indexOf('://') + 3).slice(0, end < 0 ? undefined : end);
  return !authority.includes('{{');
}
