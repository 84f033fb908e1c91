import { run, type Task } from 'graphile-worker';
import type { NoOp } from '../contender.ts';
import { noteStart, serve } from '../worker-side.ts';

const noOp: Task = (payload) => noteStart((payload as NoOp).n);

serve(async (url, settings) => {
  const { crontab = '', ...worker } = settings as { crontab?: string };
  await run({
    preset: { worker: { connectionString: url, ...worker } },
    taskList: { no_op: noOp },
    crontab,
    noHandleSignals: true,
  });
});
