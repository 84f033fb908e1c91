import type { CauseRule } from './cause.ts';
import { blackoutAhead, blackoutHolds, dayOff } from './causes/blackout.ts';
import { circuitOpen, skippedCircuitOpen } from './causes/circuit.ts';
import { clockOff } from './causes/clock.ts';
import { othersFirst, queueFull, rateReached, slotsBusy } from './causes/crowd.ts';
import { databaseReadOnly } from './causes/database-read-only.ts';
import { editWaits } from './causes/edit-waits.ts';
import { deleted } from './causes/deleted.ts';
import { ownerOff } from './causes/owner-off.ts';
import { maxParallel, overlap, overlapSkips, running } from './causes/overlap.ts';
import { everythingPaused, paused } from './causes/paused.ts';
import {
  aboutToStart,
  missed,
  retryWaits,
  runEnded,
  skippedLate,
  skippedOverlap,
  skippedQueueFull,
  skippedSuperseded,
} from './causes/run.ts';
import { waitsForEnd } from './causes/after-end.ts';
import { secretKeyWrong, secretMissing } from './causes/secrets.ts';
import {
  manualOnly,
  neverFires,
  nextTickLater,
  plannerBehind,
  scheduleUnreadable,
} from './causes/schedule.ts';
import {
  draining,
  kindOff,
  labelsUnserved,
  noneFits,
  noWorker,
  queueUnserved,
} from './causes/workers.ts';

/**
 * Every cause that there is, the one that weighs most first. A new one is a line here, its rule in `causes/`, and its
 * words under the same name in messages/en/why.json, which the compiler asks for.
 */
export const CAUSES = {
  database_read_only: databaseReadOnly,
  deleted,
  everything_paused: everythingPaused,
  paused,
  schedule_unreadable: scheduleUnreadable,
  never_fires: neverFires,
  secret_missing: secretMissing,
  no_worker: noWorker,
  kind_off: kindOff,
  queue_unserved: queueUnserved,
  labels_unserved: labelsUnserved,
  secret_key_wrong: secretKeyWrong,
  none_fits: noneFits,
  draining,
  planner_behind: plannerBehind,
  blackout_holds: blackoutHolds,
  blackout_ahead: blackoutAhead,
  circuit_open: circuitOpen,
  overlap,
  max_parallel: maxParallel,
  queue_full: queueFull,
  rate_reached: rateReached,
  slots_busy: slotsBusy,
  others_first: othersFirst,
  retry_waits: retryWaits,
  overlap_skips: overlapSkips,
  waits_for_end: waitsForEnd,
  running,
  skipped_late: skippedLate,
  skipped_queue_full: skippedQueueFull,
  skipped_overlap: skippedOverlap,
  skipped_superseded: skippedSuperseded,
  skipped_circuit_open: skippedCircuitOpen,
  missed,
  edit_waits: editWaits,
  manual_only: manualOnly,
  about_to_start: aboutToStart,
  day_off: dayOff,
  next_tick_later: nextTickLater,
  run_ended: runEnded,
  owner_off: ownerOff,
  clock_off: clockOff,
} as const satisfies Record<string, CauseRule>;

export type CauseKey = keyof typeof CAUSES;
export const CAUSE_KEYS = Object.keys(CAUSES) as CauseKey[];
