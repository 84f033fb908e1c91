import { CONTENTS, type Content, type Manifest, monthFolder, readManifest } from './manifest.ts';
import type { MonthRow } from './months.sql.ts';
import { linesOf } from './packing.ts';
import { type ArchivePlace, ArchiveProblem } from './place.ts';

/** What an archive was found to be. */
export type VerifiedMonth = {
  month: string;
  parts: number;
  bytes: number;
  rows: Record<Content, number>;
  /** Sentences; none: it is as it was written. */
  problems: string[];
};

/**
 * Reads every part of a month, unpacks it and holds it against the manifest, and that against what the database noted.
 * @throws ArchiveProblem where the place can't be reached at all
 */
export async function verifyMonth(
  place: ArchivePlace,
  uuid: string,
  { month, manifestSha256 }: Pick<MonthRow, 'month' | 'manifestSha256'>,
): Promise<VerifiedMonth> {
  const rows: Record<Content, number> = { gaps: 0, runs: 0, attempts: 0, logs: 0 };
  const verified: VerifiedMonth = { month, parts: 0, bytes: 0, rows, problems: [] };
  // Whether it answers at all: below, a problem is one of the month.
  await place.list(monthFolder(uuid, month));
  const manifest = await problemIn(verified, async () => {
    const read = await readManifest(place, uuid, month);
    if (!read) throw new ArchiveProblem(`${month} has no manifest in ${place.name}.`);
    if (read.sha256 !== manifestSha256) {
      verified.problems.push('Its manifest isn’t the one that was written when it was archived.');
    }
    return read.manifest;
  });
  if (!manifest) return verified;
  for (const part of manifest.parts) {
    await problemIn(verified, async () => {
      for await (const lines of linesOf(place, monthFolder(uuid, month), part)) {
        rows[part.content] += lines.length;
      }
      verified.parts += 1;
      verified.bytes += part.bytes;
    });
  }
  if (verified.problems.length === 0) compareRows(verified, manifest);
  return verified;
}

async function problemIn<T>(verified: VerifiedMonth, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ArchiveProblem)) throw error;
    verified.problems.push(error.message);
    return null;
  }
}

function compareRows({ rows, problems }: VerifiedMonth, manifest: Manifest): void {
  for (const content of CONTENTS) {
    if (rows[content] === manifest.rows[content]) continue;
    problems.push(
      `It has ${rows[content]} rows of ${content}, and its manifest says ${manifest.rows[content]}.`,
    );
  }
}
