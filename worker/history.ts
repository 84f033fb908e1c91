import type { Logger } from 'pino';
import { createPool } from '#core/db.ts';
import type { Environment } from '#core/environment.ts';
import { directUrl } from '#core/route.ts';
import { createArchiver } from './archiver.ts';
import type { Duty } from './duty.ts';
import { createPartitioner } from './partitioner.ts';
import { createPruner } from './pruner.ts';
import { SESSION_SETTINGS } from './session-settings.ts';

export type HistoryConfig = {
  applicationName: string;
  logger: Logger;
  environment: Environment;
  /** Lets the duty of that name look now. */
  wake: (duty: string) => void;
};

/** The duties that keep history bounded, in turns on a connection of their own: claims never wait for it. */
export function createHistory({ applicationName, logger, environment, wake }: HistoryConfig): {
  duties: Duty[];
  end: () => void;
} {
  // Opened for a moment now and then.
  const pool = createPool({
    url: directUrl(environment),
    max: 1,
    applicationName: `${applicationName} history`.slice(0, 63),
    settings: SESSION_SETTINGS,
    isPatient: true,
  });
  const archiver = createArchiver({
    pool,
    logger,
    environment,
    // A month that is in the archive may be dropped.
    onArchived: () => wake('partitioner'),
  });
  const announceArchive = () => archiver.announce();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (duty: Duty): Duty => ({
    ...duty,
    runOnce() {
      const pass = turn.then(duty.runOnce, duty.runOnce);
      turn = pass;
      return pass;
    },
  });
  return {
    duties: [
      createPartitioner({ pool, logger, announceArchive }),
      archiver,
      createPruner({ pool, announceArchive }),
    ].map(inTurn),
    end: () => void pool.end(),
  };
}
