import path from 'node:path';
import { z } from 'zod';
import type { ArchivePlace } from './place.ts';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^[A-Za-z0-9._/-]*$/;

const isPlace = (text: string): boolean => {
  if (!text.startsWith('s3://')) return path.isAbsolute(text);
  const { bucket, prefix } = partsOf(text);
  return BUCKET.test(bucket) && PREFIX.test(prefix) && !prefix.split('/').includes('..');
};

/** Where months of history go before they are dropped. */
export const ARCHIVE_VARIABLES = {
  PUNCTUAL_ARCHIVE: z
    .string()
    .refine(isPlace, 'a folder’s whole path (/srv/archive) or a bucket (s3://bucket/prefix)')
    .optional()
    .describe(
      'Where months of history go before they are dropped: a folder’s whole path, or s3://bucket/prefix. Every worker gets the same. Without it they are dropped. See docs/history.md.',
    ),
  PUNCTUAL_ARCHIVE_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
    .optional()
    .describe('Address of an S3-compatible store. Without it: Amazon S3 of that region.'),
  PUNCTUAL_ARCHIVE_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'a region such as eu-central-1')
    .default('us-east-1')
    .describe('Region of the bucket, as its store names it.'),
  PUNCTUAL_ARCHIVE_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('Key of the store. Without it: AWS_ACCESS_KEY_ID.'),
  PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY: z
    .string()
    .optional()
    .describe('Secret of that key. Without it: AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN.'),
  AWS_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('Used where the archive has no key of its own.'),
  AWS_SECRET_ACCESS_KEY: z
    .string()
    .optional()
    .describe('Used where the archive has no key of its own.'),
  AWS_SESSION_TOKEN: z.string().optional().describe('Used together with those two.'),
};

const Variables = z.object(ARCHIVE_VARIABLES);
export type ArchiveEnvironment = z.output<typeof Variables>;

/** What is missing beside PUNCTUAL_ARCHIVE; null: nothing. */
export function incompleteArchive(given: ArchiveEnvironment): string | null {
  if (!given.PUNCTUAL_ARCHIVE?.startsWith('s3://') || credentialsOf(given)) return null;
  return (
    'PUNCTUAL_ARCHIVE names a bucket, and its key is not set: set PUNCTUAL_ARCHIVE_ACCESS_KEY_ID and ' +
    'PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY.'
  );
}

/** The place that the environment names; null: none. Its library is loaded only where there is one. */
export async function archivePlaceOf(given: ArchiveEnvironment): Promise<ArchivePlace | null> {
  const { PUNCTUAL_ARCHIVE: text } = given;
  if (text === undefined) return null;
  if (!text.startsWith('s3://')) {
    const { folderPlace } = await import('./folder-place.ts');
    return folderPlace(path.resolve(text));
  }
  const { s3Place } = await import('./s3-place.ts');
  return s3Place({
    ...partsOf(text),
    endpoint: given.PUNCTUAL_ARCHIVE_ENDPOINT,
    region: given.PUNCTUAL_ARCHIVE_REGION,
    ...credentialsOf(given)!,
  });
}

function partsOf(text: string): { bucket: string; prefix: string } {
  const [bucket = '', ...rest] = text.slice('s3://'.length).split('/');
  return { bucket, prefix: rest.filter(Boolean).join('/') };
}

function credentialsOf(given: ArchiveEnvironment) {
  const own = [given.PUNCTUAL_ARCHIVE_ACCESS_KEY_ID, given.PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY];
  const [accessKeyId, secretAccessKey] = own;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  if (!given.AWS_ACCESS_KEY_ID || !given.AWS_SECRET_ACCESS_KEY) return null;
  return {
    accessKeyId: given.AWS_ACCESS_KEY_ID,
    secretAccessKey: given.AWS_SECRET_ACCESS_KEY,
    sessionToken: given.AWS_SESSION_TOKEN,
  };
}
