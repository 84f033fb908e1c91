import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';

export type S3Store = {
  /** What a worker gets for its archive there. */
  variables: Record<string, string>;
  /** Method and path of all requests so far. */
  requests: string[];
  /** What it does from now on: `away` breaks connections, `full` refuses what is stored, `cut` answers half of what is read. */
  set(mode: S3Mode): void;
  close(): Promise<void>;
};
export type S3Mode = 'up' | 'away' | 'full' | 'cut';

const KEY = 'S3RVER';
const SECRET = 'S3RVER';
const BUCKET = 'history';

/**
 * A real S3 server (s3rver, on a folder), behind a gate that checks signatures of version 4 and hashes of bodies by itself:
 * s3rver looks at the key's id alone.
 */
export async function startS3Store(folder: string): Promise<S3Store> {
  const inner = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = await inner.run();
  const requests: string[] = [];
  let mode: S3Mode = 'up';
  const gate = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    void pass(incoming, outgoing, port, mode).catch(() => outgoing.destroy());
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  return {
    variables: {
      PUNCTUAL_ARCHIVE: `s3://${BUCKET}/team/a`,
      PUNCTUAL_ARCHIVE_ENDPOINT: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
      PUNCTUAL_ARCHIVE_ACCESS_KEY_ID: KEY,
      PUNCTUAL_ARCHIVE_SECRET_ACCESS_KEY: SECRET,
    },
    requests,
    set: (next) => {
      mode = next;
    },
    close: async () => {
      gate.closeAllConnections();
      gate.close();
      await inner.close();
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  mode: S3Mode,
): Promise<void> {
  const body = await buffer(incoming);
  if (mode === 'away') return void incoming.socket.destroy();
  const refused =
    mode === 'full' && incoming.method === 'PUT' ? 'QuotaExceeded' : refusalOf(incoming, body);
  if (refused !== null) {
    outgoing.writeHead(refused === 'QuotaExceeded' ? 507 : 403, {
      'Content-Type': 'application/xml',
    });
    return void outgoing.end(`<Error><Code>${refused}</Code><Message>no</Message></Error>`);
  }
  const onward = request({
    port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...incoming.headers, host: `127.0.0.1:${port}` },
  });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const content = await buffer(answer);
  outgoing.writeHead(answer.statusCode!, answer.headers);
  if (mode !== 'cut' || incoming.method !== 'GET') return void outgoing.end(content);
  outgoing.write(content.subarray(0, content.length / 2), () => outgoing.destroy());
}

/** As https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html says; null: all is well. */
function refusalOf({ headers, method, url }: IncomingMessage, body: Buffer): string | null {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!said) return 'AccessDenied';
  const [, key, day, region, names, signature] = said as unknown as string[];
  if (key !== KEY) return 'InvalidAccessKeyId';
  const payload = String(headers['x-amz-content-sha256']);
  if (method === 'PUT' && payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const address = new URL(url!, 'http://store');
  const query = [...address.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const signed = names!.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, address.pathname, query, signed.join(''), names, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signingKey = [day!, region!, 's3', 'aws4_request'].reduce<Buffer | string>(
    (from, part) => createHmac('sha256', from).update(part).digest(),
    `AWS4${SECRET}`,
  );
  const expected = createHmac('sha256', signingKey).update(toSign).digest('hex');
  return signature === expected ? null : 'SignatureDoesNotMatch';
}

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const encoded = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
