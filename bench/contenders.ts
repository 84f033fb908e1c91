import type { Contender } from './contender.ts';
import { graphileWorkers } from './peers/graphile-worker.ts';
import { pgBosses } from './peers/pg-boss.ts';
import { punctual } from './punctual/punctual.ts';

export const CONTENDERS: readonly Contender[] = [punctual, ...graphileWorkers, ...pgBosses];
