import audit from './audit.json';
import backfill from './backfill.json';
import bars from './bars.json';
import before from './before.json';
import blackouts from './blackouts.json';
import calendars from './calendars.json';
import channels from './channels.json';
import common from './common.json';
import editor from './editor.json';
import errors from './errors.json';
import forecast from './forecast.json';
import health from './health.json';
import installation from './installation.json';
import job from './job.json';
import jobState from './job-state.json';
import jobs from './jobs.json';
import ledger from './ledger.json';
import log from './log.json';
import overview from './overview.json';
import pauses from './pauses.json';
import proposal from './proposal.json';
import person from './person.json';
import queues from './queues.json';
import run from './run.json';
import runs from './runs.json';
import schedules from './schedules.json';
import secondFactor from './second-factor.json';
import secrets from './secrets.json';
import settings from './settings.json';
import shell from './shell.json';
import signIn from './sign-in.json';
import states from './states.json';
import time from './time.json';
import trial from './trial.json';
import whoMay from './who-may.json';
import why from './why.json';
import workers from './workers.json';

/** Every visible word in English, one file a namespace. */
export default {
  audit,
  backfill,
  bars,
  before,
  blackouts,
  calendars,
  channels,
  common,
  editor,
  errors,
  forecast,
  health,
  installation,
  job,
  jobState,
  jobs,
  ledger,
  log,
  overview,
  pauses,
  proposal,
  person,
  queues,
  run,
  runs,
  schedules,
  secondFactor,
  secrets,
  settings,
  shell,
  signIn,
  states,
  time,
  trial,
  whoMay,
  why,
  workers,
};
