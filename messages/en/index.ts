import bars from './bars.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import editor from './editor.json' with { type: 'json' };
import errors from './errors.json' with { type: 'json' };
import job from './job.json' with { type: 'json' };
import jobs from './jobs.json' with { type: 'json' };
import overview from './overview.json' with { type: 'json' };
import queues from './queues.json' with { type: 'json' };
import run from './run.json' with { type: 'json' };
import runs from './runs.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import shell from './shell.json' with { type: 'json' };
import signIn from './sign-in.json' with { type: 'json' };
import states from './states.json' with { type: 'json' };
import time from './time.json' with { type: 'json' };
import workers from './workers.json' with { type: 'json' };

/** Every visible word in English, one file a namespace. */
export default {
  bars,
  common,
  editor,
  errors,
  job,
  jobs,
  overview,
  queues,
  run,
  runs,
  settings,
  shell,
  signIn,
  states,
  time,
  workers,
};
