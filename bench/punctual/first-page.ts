import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const PROCESS = path.join(import.meta.dirname, 'first-page-process.ts');

/** How long the first page of the list of runs takes a console, ms, one value a read. */
export async function readFirstPages(url: string): Promise<number[]> {
  const env = { ...process.env, DATABASE_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS], { env });
  return JSON.parse(stdout) as number[];
}
