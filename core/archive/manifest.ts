import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ArchivePlace, ArchiveProblem, readWhole } from './place.ts';

/** What a month's archive has, each in parts of its own, in the order in which they are written. */
export const CONTENTS = ['gaps', 'runs', 'attempts', 'logs'] as const;
export type Content = (typeof CONTENTS)[number];

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

/** One object: rows as lines of JSON, packed by zstd. */
export const Part = z.object({
  name: z.string().regex(/^(gaps|runs|attempts|logs)-\d{4,}\.jsonl\.zst$/),
  content: z.enum(CONTENTS),
  rows: Count,
  /** Of the lines, and of the object. */
  rawBytes: Count,
  bytes: Count,
  /** Of the object. */
  sha256: Sha256,
  /** Ids of runs (of gaps their own); rows stand in their order. */
  firstId: Count,
  lastId: Count,
});
export type Part = z.infer<typeof Part>;

/**
 * What a month's archive consists of. It is written when all of it is stored: without one there is no archive of that
 * month, whatever else lies there.
 */
export const Manifest = z.object({
  format: z.literal('punctual-archive/1'),
  installation: z.uuid(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  archivedAt: z.iso.datetime(),
  /** The newest migration of the database that it was taken from. */
  migration: z.string(),
  /** Of each content: the columns, whose values its rows have. */
  columns: z.record(z.enum(CONTENTS), z.array(z.string())),
  rows: z.record(z.enum(CONTENTS), Count),
  parts: z.array(Part),
});
export type Manifest = z.infer<typeof Manifest>;

export const partName = (content: Content, number: number): string =>
  `${content}-${String(number).padStart(4, '0')}.jsonl.zst`;

/** With a slash at its end. */
export const installationFolder = (uuid: string): string => `punctual-archive/${uuid}/`;
export const monthFolder = (uuid: string, month: string): string =>
  `${installationFolder(uuid)}${month}/`;
export const MANIFEST = 'manifest.json';

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

// 100,000 parts, which are some 800 GB packed.
const LARGEST_MANIFEST = 32_000_000;

export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/**
 * @returns null where the month has none
 * @throws ArchiveProblem where it can't be read, or isn't one of this version
 */
export async function readManifest(
  place: ArchivePlace,
  uuid: string,
  month: string,
): Promise<{ manifest: Manifest; sha256: string } | null> {
  const pieces = await place.get(`${monthFolder(uuid, month)}${MANIFEST}`);
  if (!pieces) return null;
  const bytes = await readWhole(pieces, LARGEST_MANIFEST);
  return { manifest: parsedManifest(bytes, place, uuid, month), sha256: sha256Of(bytes) };
}

function parsedManifest(bytes: Buffer, place: ArchivePlace, uuid: string, month: string): Manifest {
  const what = `the manifest of ${month} in ${place.name}`;
  let said: unknown;
  try {
    said = JSON.parse(bytes.toString());
  } catch {
    throw new ArchiveProblem(`Something else than Punctual changed ${what}: it isn’t JSON.`);
  }
  const format = z.object({ format: z.string() }).safeParse(said).data?.format;
  if (format?.startsWith('punctual-archive/') && format !== 'punctual-archive/1') {
    throw new ArchiveProblem(
      `A newer version of Punctual wrote ${what} (${format}). Read it with that version.`,
    );
  }
  const manifest = Manifest.safeParse(said).data;
  if (!manifest || manifest.installation !== uuid || manifest.month !== month) {
    throw new ArchiveProblem(`Something else than Punctual changed ${what}: it doesn’t fit.`);
  }
  return manifest;
}
