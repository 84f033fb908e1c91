/** One object of an archive. */
export type StoredObject = { key: string; bytes: number };

/** Where archives lie: a folder, or a bucket of an S3-compatible store. Keys have slashes between their parts. */
export type ArchivePlace = {
  /** As people and the database know it, without credentials: `/srv/archive`, `s3://bucket/prefix`. */
  name: string;
  /** Stores the whole of it or nothing, and in place of what had the key. Only once it is durable does it resolve. */
  put(key: string, bytes: Buffer): Promise<void>;
  /** Null: there is no such object. Breaking off the reading closes what was opened. */
  get(key: string): Promise<AsyncIterable<Buffer> | null>;
  /** All objects whose key begins with the prefix, which ends in a slash. */
  list(prefix: string): Promise<StoredObject[]>;
  /** It is gone afterwards, also where it never was. */
  remove(key: string): Promise<void>;
};

/** An archive can't be reached, written or read, or isn't whole; the message says why and what to do. */
export class ArchiveProblem extends Error {
  override name = 'ArchiveProblem';
}

/** All of an object that is known to be small. */
export async function readWhole(pieces: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const held: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size > mostBytes) throw new ArchiveProblem('The archive has a manifest that is too large.');
  }
  return Buffer.concat(held);
}
