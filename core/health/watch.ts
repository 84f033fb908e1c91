import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { isDatabaseAway } from '../database-away.ts';
import { sqlOf, transaction } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';
import type { Figures } from './figures.ts';
import { judge, judgeDatabaseAway, type Judged, judgeOtherSchema } from './judge.ts';
import { Lasting } from './lasting.ts';
import { readFigures } from './read-figures.ts';
import { sampleDatabaseSize } from './space.sql.ts';
import { endTroubles, openTroubles } from './troubles.sql.ts';
import type { HealthWords } from './words.ts';

export type WatchConfig = {
  pool: pg.Pool;
  words: HealthWords;
  freeBytes: () => Promise<number | null>;
  /** A check is bad and has been for a while. */
  onTrouble: (trouble: { check: CheckName; about: string }, sentence: string) => void;
  /** It is well again, and has been for a while. */
  onRecovered: (recovered: { check: CheckName }) => void;
  /** Ms of a clock that doesn't jump. */
  nowMs?: () => number;
};

export type Looked = {
  judged: Judged[];
  /** Null where they couldn't be read. */
  figures: Figures | null;
  /** How many troubles were opened and ended, by this look, for everybody. */
  opened: number;
  ended: number;
};

/** What can't be kept in the database, since it is about the database; each process says it for itself. */
const NOT_KEPT: ReadonlySet<CheckName> = new Set(['database', 'migrations']);

/**
 * Looks at Punctual itself: reads the figures, judges them, says in the log of this process what lasts, and keeps it as
 * incidents, of which people are told like of a job's. Any number of processes may watch; what they keep is one.
 */
export class Watch {
  readonly #config: WatchConfig;
  readonly #lasting = new Lasting();

  constructor(config: WatchConfig) {
    this.#config = config;
  }

  /** One look. @throws only what is no sign of a database that is away */
  async lookOnce(): Promise<Looked> {
    const { pool, words, nowMs = () => performance.now() } = this.#config;
    const { judged, figures } = await this.#judge();
    const turns = this.#lasting.look(judged, nowMs());
    for (const one of turns.began) {
      this.#config.onTrouble({ check: one.name, about: words.about(one) }, words.sentence(one));
    }
    for (const check of turns.ended) this.#config.onRecovered({ check });
    if (figures === null) return { judged, figures, opened: 0, ended: 0 };
    const well = this.#lasting.wellFor(nowMs());
    const kept = await this.#keep(turns.lasting, well, figures.openTroubles);
    if (!figures.isSizeSampled) await sampleDatabaseSize(sqlOf(pool));
    return { judged, figures, ...kept };
  }

  async #judge(): Promise<{ judged: Judged[]; figures: Figures | null }> {
    const { pool, freeBytes } = this.#config;
    try {
      const figures = await readFigures({ sql: sqlOf(pool), freeBytes });
      return 'isOtherSchema' in figures
        ? { judged: judgeOtherSchema(figures), figures: null }
        : { judged: judge(figures), figures };
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      return { judged: judgeDatabaseAway(), figures: null };
    }
  }

  async #keep(
    lasting: readonly Judged[],
    well: readonly CheckName[],
    open: Figures['openTroubles'],
  ) {
    const { pool, words } = this.#config;
    const troubles = lasting
      .filter(({ name }) => !NOT_KEPT.has(name))
      .map((one) => ({ name: one.name, sentence: sentenceOf(words, one) }));
    // What another version watched is no longer known: nobody else would ever end it.
    const over = open
      .map(({ name }) => name)
      .filter((name) => well.includes(name as CheckName) || !isKnown(name));
    if (troubles.length === 0 && over.length === 0) return { opened: 0, ended: 0 };
    return transaction(pool, async (sql) => {
      const opened = await openTroubles(sql, troubles);
      const ended = await endTroubles(sql, over);
      if (opened.length + ended.length > 0) {
        await announce(sql, 'installation');
        await signalWorkers(sql, 'message');
      }
      return { opened: opened.length, ended: ended.length };
    });
  }
}

const isKnown = (name: string) => CHECK_NAMES.some((known) => known === name);

/** With the names that a message may say: it goes to the people who look after Punctual. */
function sentenceOf(words: HealthWords, one: Judged): string {
  const about = words.about(one);
  const sentence = words.sentence(one);
  return about === '' || sentence.includes(about) ? sentence : `${sentence} (${about})`;
}
