// `npm run build`: what `npm start` does by itself when the sources have changed.
import { buildConsole, generateClient, isConsoleBuilt } from './start/build-console.ts';
import { StartError } from './start/start-error.ts';

const stopping = new AbortController().signal;
try {
  await generateClient(stopping);
  if (isConsoleBuilt()) console.log('The console is built from these very sources already.');
  await buildConsole(stopping);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
