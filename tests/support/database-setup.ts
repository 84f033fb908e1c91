import type { TestProject } from 'vitest/node';
import { makeTemplate } from './clone-database.ts';
import { fastestPlace, startTestPostgres } from './postgres.ts';

/** Before the files of a project: one PostgreSQL with a migrated template that every test database is cloned from. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres({}, {}, undefined, fastestPlace());
  await makeTemplate(server.url);
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}
