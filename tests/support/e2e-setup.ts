import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { makeTemplate } from './clone-database.ts';
import { fastestPlace, startTestPostgres } from './postgres.ts';

/**
 * Before all journeys: the console built, and one PostgreSQL with a migrated template. Its address stands in
 * PUNCTUAL_TEST_POSTGRES, from which `cloneDatabase` makes a database for each console that a fixture starts.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const never = new AbortController().signal;
  await generateClient(never);
  await buildConsole(never);
  const server = await startTestPostgres({}, {}, undefined, fastestPlace());
  await makeTemplate(server.url);
  process.env['PUNCTUAL_TEST_POSTGRES'] = server.url;
  return () => server.stop();
}
