import { pino } from 'pino';
import { environment } from '#core/environment.ts';
import type { Kind } from '#worker/kinds/kind.ts';
import { kinds } from '#worker/kinds/kinds.ts';
import { startWorker } from '#worker/worker.ts';
import { noteStart, serve } from '../worker-side.ts';

/** Scripts, of which every job of the benchmark is one, do nothing here. */
const noOp: Kind = {
  name: 'script',
  async execute({ parameters }) {
    noteStart(Number(parameters['n']));
    return { ok: true };
  },
};

serve(async (url, settings) => {
  Object.assign(process.env, settings, { DATABASE_URL: url });
  await startWorker({
    environment: environment(),
    version: 'benchmark',
    logger: pino({ level: 'warn' }, pino.destination(2)),
    kinds: new Map([...kinds, [noOp.name, noOp]]),
  });
});
