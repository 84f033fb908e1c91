import path from 'node:path';
import { execa, type Options } from 'execa';

const COMMAND = path.resolve(import.meta.dirname, '../../cli/punctual.ts');

/** Nothing else of the test's environment reaches a command: it names the database itself. */
export type CommandPlace = { url: string } | { dataFolder: string };

/** Starts `punctual …` against a database; a command that ends badly resolves like any other. */
export function punctual(place: CommandPlace, args: readonly string[], options: Options = {}) {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const database =
    'url' in place ? { DATABASE_URL: place.url } : { PUNCTUAL_DATA_DIR: place.dataFolder };
  return execa(process.execPath, [COMMAND, ...args], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, NODE_ENV: 'test', ...database },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...options,
  });
}
