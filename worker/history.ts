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

const POOL_SIZE = 2;

/** The duties that keep history bounded, with connections of their own: claims never wait for one. */
export function createHistory({ applicationName, logger, environment, wake }: HistoryConfig): {
  duties: Duty[];
  end: () => void;
} {
  // Opened for a moment now and then.
  const pool = createPool({
    url: directUrl(environment),
    max: POOL_SIZE,
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
  return {
    duties: [
      createPartitioner({ pool, logger, announceArchive }),
      archiver,
      createPruner({ pool, announceArchive }),
    ],
    end: () => void pool.end(),
  };
}
