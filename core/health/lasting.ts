import type { Level } from './check.ts';
import type { CheckName } from './checks.ts';
import type { Judged } from './judge.ts';

/** What has lasted so long is said: a number may be beyond its line for a moment, as at a start or a stop. */
export const LASTS_MS = 20_000;
/** And it is over once it has been well for so long: what comes and goes is one trouble. */
export const WELL_FOR_MS = 60_000;

/** What changed with a look: began to last, or is over. */
export type Turns = { began: Judged[]; ended: CheckName[]; lasting: Judged[] };

/** Follows checks from look to look. `nowMs` is any clock that doesn't jump. */
export class Lasting {
  readonly #badSince = new Map<CheckName, number>();
  readonly #wellSince = new Map<CheckName, number>();
  readonly #told = new Set<CheckName>();

  look(judged: readonly Judged[], nowMs: number): Turns {
    const turns: Turns = { began: [], ended: [], lasting: [] };
    for (const one of judged) this.#follow(one, nowMs, turns);
    return turns;
  }

  #follow(one: Judged, nowMs: number, turns: Turns): void {
    const { name, level } = one;
    if (level === 'bad') {
      this.#wellSince.delete(name);
      const since = this.#badSince.get(name) ?? nowMs;
      this.#badSince.set(name, since);
      if (nowMs - since < LASTS_MS) return;
      turns.lasting.push(one);
      if (!this.#told.has(name)) turns.began.push(one);
      this.#told.add(name);
      return;
    }
    // While the database is away nothing is known, and nothing ends.
    if (!SAYS_WELL.has(level)) return;
    this.#badSince.delete(name);
    const since = this.#wellSince.get(name) ?? nowMs;
    this.#wellSince.set(name, since);
    if (nowMs - since < WELL_FOR_MS) return;
    if (this.#told.delete(name)) turns.ended.push(name);
  }

  /** Checks that have been well for so long, whoever said that they weren't. */
  wellFor(nowMs: number): CheckName[] {
    return [...this.#wellSince].flatMap(([name, since]) =>
      nowMs - since >= WELL_FOR_MS ? [name] : [],
    );
  }
}

const SAYS_WELL: ReadonlySet<Level> = new Set(['well', 'warn']);
