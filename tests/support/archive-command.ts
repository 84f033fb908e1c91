import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Runs `punctual` against a test's database. */
export async function command(
  db: { url: string },
  variables: Readonly<Record<string, string>>,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const file = path.resolve(import.meta.dirname, '../../cli/punctual.ts');
  const run = promisify(execFile)(process.execPath, [file, ...words], {
    env: { ...process.env, DATABASE_URL: db.url, ...variables },
    maxBuffer: 64_000_000,
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}
