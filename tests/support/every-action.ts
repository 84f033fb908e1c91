import { cancelBackfill } from '#core/backfill/change-backfill.ts';
import { resumeEverything } from '#core/installation/pause-everything.ts';
import { forgetServers } from './named-servers.ts';
import { sentAlong } from './request-context.ts';
import type { Seed } from './seeds.ts';
import { admin } from './web.ts';
import type { EveryAction } from './every-action/action.ts';
import { ACTIONS_OF_CALENDARS } from './every-action/calendars.ts';
import { ACTIONS_OF_INSTALLATION } from './every-action/installation.ts';
import { ACTIONS_OF_JOBS } from './every-action/jobs.ts';
import { ACTIONS_OF_PEOPLE } from './every-action/people.ts';

/** A new action takes a row in one of these files; one without fails tests/db/every-action.test.ts. */
export const EVERY_ACTION: readonly EveryAction[] = [
  ...ACTIONS_OF_JOBS,
  ...ACTIONS_OF_CALENDARS,
  ...ACTIONS_OF_INSTALLATION,
  ...ACTIONS_OF_PEOPLE,
];

/** Ends what a sample may have left behind for the next one: nothing is paused, and no backfill works. */
export async function tidyUp({ db }: Seed): Promise<void> {
  sentAlong.cookie = '';
  forgetServers();
  await db.sql('UPDATE "user" SET two_factor_enabled = false WHERE two_factor_enabled');
  const [left] = await db.sql<{ isPaused: boolean; backfills: number[] }>(
    `UPDATE installation SET second_factor_required = false
      RETURNING paused_at IS NOT NULL AS "isPaused",
                ARRAY (SELECT id FROM backfill WHERE ended_at IS NULL) AS backfills`,
  );
  if (left!.isPaused) await resumeEverything(admin, {});
  for (const id of left!.backfills) await cancelBackfill(admin, { id });
}
