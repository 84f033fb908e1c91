import type pg from 'pg';
import type { Logger } from 'pino';
import { archivePlaceOf, type ArchiveEnvironment } from '#core/archive/archive-environment.ts';
import { archiveStep, type ArchiveStep } from '#core/archive/archive-months.ts';
import { announcePlace, tryPlace } from '#core/archive/archive-place.ts';
import { noteFailure, noteReached, readArchiveState } from '#core/archive/months.sql.ts';
import { type ArchivePlace, ArchiveProblem } from '#core/archive/place.ts';
import { sqlOf, transaction } from '#core/db.ts';
import { announce } from '#core/events/events.ts';
import { aloneWithHistory } from '#core/history/alone.ts';
import type { Duty } from './duty.ts';

export type ArchiverConfig = {
  /** Whose statements may take long. */
  pool: pg.Pool;
  logger: Logger;
  environment: ArchiveEnvironment;
  /** A month is in the archive: its tables may go. */
  onArchived?: () => void;
  intervalMs?: number;
  /** After the archive couldn't be used. */
  retryMs?: number;
  /** While somebody else archives or drops, and between two months, so that what is archived can be dropped. */
  othersMs?: number;
  /** How long it rests after each page, as a share of what the page took the database. */
  restShare?: number;
};

export type Archiver = Duty & {
  /** Notes where the archive is, once: from then on nothing goes before it is in there. */
  announce(): Promise<void>;
};

/**
 * Brings months into the archive before they go, a part at a time. Where the archive can't be used it says so, tries again,
 * and no month goes meanwhile.
 */
export function createArchiver({
  pool,
  logger,
  environment,
  onArchived = () => {},
  intervalMs = 600_000,
  retryMs = 60_000,
  othersMs = 2_000,
  restShare = 1,
}: ArchiverConfig): Archiver {
  let announced: ArchivePlace | null = null;
  let isTried = false;
  let lastFailure = '';
  return { name: 'archiver', intervalMs, runOnce, announce: async () => void (await place()) };

  async function runOnce() {
    const own = await place();
    if (!own) return { counts: {} };
    try {
      if (!isTried) await tryOwn(own);
      const step = await aloneWithHistory(pool, (sql, client) =>
        archiveStep(sql, client, own, restShare),
      );
      return step ? passOf(step) : { counts: {}, nextInMs: othersMs };
    } catch (error) {
      if (!(error instanceof ArchiveProblem)) throw error;
      await tellFailure(error);
      return { counts: { failures: 1 }, nextInMs: retryMs };
    }
  }

  /** Announced before it is tried: months wait also while it can't be used. Null: this worker has no archive. */
  async function place(): Promise<ArchivePlace | null> {
    if (announced || environment.PUNCTUAL_ARCHIVE === undefined) return announced;
    const own = (await archivePlaceOf(environment))!;
    const isNew = await transaction(pool, (sql) =>
      announcePlace(sql, { actor: 'Punctual', address: null }, own.name),
    );
    if (isNew)
      logger.info({ place: own.name }, 'months go to this archive before they are dropped');
    announced = own;
    return own;
  }

  async function tryOwn(own: ArchivePlace): Promise<void> {
    isTried = true;
    const sql = sqlOf(pool);
    await tryPlace(own, (await readArchiveState(sql)).uuid);
    tellBack(await noteReached(sql));
  }

  function passOf(step: ArchiveStep) {
    tellBack(step.backSince);
    switch (step.did) {
      case 'nothing':
      case 'elsewhere':
        return { counts: {} };
      case 'part':
        return { counts: { parts: 1 }, nextInMs: 0 };
      case 'began anew':
        logger.warn({ month: step.month }, 'the month changed; its archive begins anew');
        return { counts: { anew: 1 }, nextInMs: retryMs };
      case 'finished':
        logger.info({ month: step.month }, 'month archived');
        onArchived();
        return { counts: { months: 1 }, nextInMs: othersMs };
    }
  }

  function tellBack(since: Date | null): void {
    lastFailure = '';
    if (since) logger.info({ since: since.toISOString() }, 'the archive can be used again');
  }

  async function tellFailure({ message }: ArchiveProblem): Promise<void> {
    if (message !== lastFailure)
      logger.error({ why: message }, 'the archive can’t be used; no month goes');
    lastFailure = message;
    await transaction(pool, async (sql) => {
      await noteFailure(sql, message);
      await announce(sql, 'installation');
    });
  }
}
