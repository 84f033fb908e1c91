import { buildConsole, generateClient } from './build-console.ts';
import { type Database, openDatabase } from './database.ts';
import type { Settings } from './settings.ts';

type PrepareOptions = {
  settings: Settings;
  folder: string;
  stopping: AbortSignal;
  isDevelopment: boolean;
};

/**
 * Brings the database up and the console's build up to date, side by side. When one of them fails, the other is undone
 * before the error goes on.
 */
export async function prepare(options: PrepareOptions): Promise<Database> {
  const failed = new AbortController();
  const stopping = AbortSignal.any([options.stopping, failed.signal]);
  const database = openDatabase(options.settings, options.folder);
  const build = buildWhatIsMissing(stopping, options.isDevelopment);
  try {
    await Promise.all([database, build]);
    return await database;
  } catch (error) {
    failed.abort();
    const [opened] = await Promise.allSettled([database, build]);
    if (opened.status === 'fulfilled') await opened.value.stop();
    throw error;
  }
}

async function buildWhatIsMissing(stopping: AbortSignal, isDevelopment: boolean): Promise<void> {
  await generateClient(stopping);
  // `next dev` compiles each page as it is opened.
  if (!isDevelopment) await buildConsole(stopping);
}
