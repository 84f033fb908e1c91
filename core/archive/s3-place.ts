import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { type ArchivePlace, ArchiveProblem, type StoredObject } from './place.ts';

export type S3Settings = {
  bucket: string;
  /** Without slashes at its ends; empty: none. */
  prefix: string;
  /** Of an S3-compatible store; without it Amazon's own of the region. */
  endpoint?: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
};

/** A part has 8 MB, or a little more: a store that takes longer for it than that counts as away. */
const PATIENCE_MS = 120_000;

/**
 * An archive in a bucket. The bucket stands in the path, which every compatible store takes. A PUT carries the hash of
 * its body inside the signature, so that what was cut off or changed on the way isn't stored.
 */
export function s3Place(settings: S3Settings, patienceMs = PATIENCE_MS): ArchivePlace {
  const { bucket, prefix, region, accessKeyId, secretAccessKey, sessionToken } = settings;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region,
    service: 's3',
    // The duty that archives tries again by itself, and says meanwhile what is wrong.
    retries: 0,
  });
  const endpoint = settings.endpoint ?? `https://s3.${region}.amazonaws.com`;
  const name = `s3://${[bucket, prefix].filter(Boolean).join('/')}`;
  const within = prefix === '' ? '' : `${prefix}/`;
  const addressOf = (key: string) =>
    `${endpoint.replace(/\/+$/, '')}/${[bucket, ...`${within}${key}`.split('/')].map(encodeURIComponent).join('/')}`;

  return { name, put, get, list, remove };

  async function put(key: string, bytes: Buffer): Promise<void> {
    const response = await ask(addressOf(key), {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: {
        'Content-Type': 'application/octet-stream',
        'X-Amz-Content-Sha256': createHash('sha256').update(bytes).digest('hex'),
      },
    });
    await expectOk(response, `store ${key}`);
    await response.body?.cancel();
  }

  async function get(key: string): Promise<AsyncIterable<Buffer> | null> {
    const response = await ask(addressOf(key), {});
    if (response.ok) return piecesOf(response, key);
    const code = await codeOf(response);
    if (response.status === 404 && code !== 'NoSuchBucket') return null;
    throw refused(response.status, code, `read ${key}`);
  }

  async function remove(key: string): Promise<void> {
    const response = await ask(addressOf(key), { method: 'DELETE' });
    if (response.status !== 404) await expectOk(response, `remove ${key}`);
    await response.body?.cancel();
  }

  async function list(folder: string): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    for (let token: string | null = null; ;) {
      const query = new URLSearchParams({ 'list-type': '2', prefix: `${within}${folder}` });
      if (token !== null) query.set('continuation-token', token);
      const response = await ask(`${endpoint.replace(/\/+$/, '')}/${bucket}?${query}`, {});
      await expectOk(response, `list ${folder}`);
      const page = await textOf(response, folder);
      for (const [, entry] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const key = valueIn(entry!, 'Key');
        if (key?.startsWith(within)) {
          found.push({ key: key.slice(within.length), bytes: Number(valueIn(entry!, 'Size')) });
        }
      }
      token =
        valueIn(page, 'IsTruncated') === 'true' ? valueIn(page, 'NextContinuationToken') : null;
      if (token === null) return found;
    }
  }

  async function ask(address: string, request: RequestInit): Promise<Response> {
    try {
      const signed = await client.sign(address, request);
      return await fetch(signed, {
        // Elsewhere the signature would be wrong: a bucket of another region says so by a redirect.
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
      });
    } catch (error) {
      throw away(error);
    }
  }

  async function textOf(response: Response, what: string): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw away(error, what);
    }
  }

  async function* piecesOf(response: Response, key: string): AsyncGenerator<Buffer> {
    if (!response.body) return;
    try {
      for await (const piece of response.body) yield Buffer.from(piece);
    } catch (error) {
      throw away(error, key);
    }
  }

  async function expectOk(response: Response, doing: string): Promise<void> {
    if (response.ok) return;
    throw refused(response.status, await codeOf(response), doing);
  }

  function refused(status: number, code: string | null, doing: string): ArchiveProblem {
    return new ArchiveProblem(`${wordsOf(status, code, name)} (It was to ${doing}.)`);
  }

  function away(error: unknown, what?: string): ArchiveProblem {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const said = cause instanceof Error ? cause.message || cause.name : String(cause);
    const reading = what === undefined ? '' : ` while ${what} was read`;
    return new ArchiveProblem(
      `The store of the archive, ${new URL(endpoint).host}, doesn’t answer${reading}: ${said}.`,
      { cause: error },
    );
  }
}

function wordsOf(status: number, code: string | null, name: string): string {
  const said = code === null ? `HTTP ${status}` : `HTTP ${status}, ${code}`;
  switch (code ?? '') {
    case 'NoSuchBucket':
      return `The store of the archive knows no such bucket: ${name}. Make it, or mend PUNCTUAL_ARCHIVE.`;
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'ExpiredToken':
    case 'InvalidToken':
      return `The store of the archive refuses the key of ${name} (${said}). Mend PUNCTUAL_ARCHIVE_ACCESS_KEY_ID and PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY.`;
    case 'RequestTimeTooSkewed':
      return `The store of the archive says that this machine’s clock is wrong (${said}).`;
    case 'QuotaExceeded':
    case 'XMinioStorageFull':
      return `The store of the archive has no room left for ${name} (${said}).`;
  }
  if (status === 403)
    return `The key of the archive may not do this in ${name} (${said}). It takes ListBucket, GetObject, PutObject and DeleteObject.`;
  if (status >= 300 && status < 400)
    return `The bucket of ${name} is in another region (${said}). Mend PUNCTUAL_ARCHIVE_REGION or PUNCTUAL_ARCHIVE_ENDPOINT.`;
  return `The store of the archive, ${name}, answers ${said}.`;
}

/** Of an error's answer. */
async function codeOf(response: Response): Promise<string | null> {
  const text = await response.text().catch(() => '');
  return valueIn(text, 'Code');
}

/** Keys and tokens of ours hold nothing that XML writes otherwise, but for what a prefix may hold. */
function valueIn(xml: string, element: string): string | null {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml);
  return found ? unescaped(found[1]!) : null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};
const unescaped = (text: string) =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
