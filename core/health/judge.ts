import { type Judgement, type Level, levelOf } from './check.ts';
import { type CheckName, CHECKS } from './checks.ts';
import type { Figures } from './figures.ts';
import type { OtherSchema } from './read-figures.ts';
import { namesOfMigrations } from './readings.ts';

export type Judged = Judgement<CheckName>;

/** Every check, in the order of its weight, held against the figures. */
export function judge(figures: Figures): Judged[] {
  return CHECKS.map((check) => {
    const reading: { value: number; about?: readonly string[] } | null = check.read(figures);
    const value = reading?.value ?? null;
    return {
      name: check.name,
      level: levelOf(check, value),
      value,
      about: reading?.about ?? [],
    };
  });
}

/** What is to be said while the database doesn't answer: that, and that nothing else is known. */
export function judgeDatabaseAway(): Judged[] {
  return CHECKS.map(({ name }) => ({
    name,
    level: name === 'database' ? 'bad' : 'unknown',
    value: null,
    about: [],
  }));
}

/** What is to be said of a database of another version: that, how fast it answers, and that nothing else is known. */
export function judgeOtherSchema({ migrations, answeredInMs }: OtherSchema): Judged[] {
  const names = namesOfMigrations(migrations);
  const known: Partial<Record<CheckName, Omit<Judged, 'name' | 'level'>>> = {
    database: { value: answeredInMs, about: [] },
    migrations: { value: names.length, about: names },
  };
  return CHECKS.map((check) => {
    const { value, about } = known[check.name] ?? { value: null, about: [] };
    return { name: check.name, level: levelOf(check, value), value, about };
  });
}

/** The weightiest of what is bad, else of what asks for a look; null: all is well. */
export function worstOf(judged: readonly Judged[]): Judged | null {
  const first = (level: Level) => judged.find((one) => one.level === level);
  return first('bad') ?? first('warn') ?? null;
}
