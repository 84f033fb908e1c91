import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { makeTemplate } from './clone-database.ts';
import { fastestPlace, startTestPostgres } from './postgres.ts';
import { isAlive } from './start.ts';
import { until } from './wait.ts';

/**
 * Before the faults: one PostgreSQL with a migrated template, as for other tests, and a copy of its folder. A fault that
 * breaks its server gets one of its own from that copy in a second, and not by making and migrating it anew.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // With the real times it lies on a disk, as installations do.
  const place = process.env['PUNCTUAL_FAULTS'] === 'all' ? undefined : fastestPlace();
  const server = await startTestPostgres({}, {}, undefined, place);
  await makeTemplate(server.url);
  const copy = await copyOf(server);
  await server.startAgain();
  project.provide('postgresUrl', server.url);
  project.provide('postgresCopy', copy);
  return () => server.stop();
}

async function copyOf({ pid, folder }: { pid: number; folder: string }): Promise<string> {
  process.kill(pid, 'SIGINT');
  await until(() => !isAlive(pid), { what: 'the end of PostgreSQL' });
  // Inside the server's folder, which goes with it however the run ends.
  const copy = path.join(folder, 'copy');
  await mkdir(copy);
  const parts = ['postgres', 'postgres-password', 'postgres-app-password'];
  // With owners and modes, which PostgreSQL looks at.
  await promisify(execFile)('cp', ['-a', ...parts.map((part) => path.join(folder, part)), copy]);
  // Each server from it looks for a port of its own.
  await rm(path.join(copy, 'postgres/postmaster.opts'));
  return copy;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresCopy: string;
  }
}
