import type pg from 'pg';
import type { Entry } from './contender.ts';

export type Stage = {
  /** A database of the entrant's own, prepared and empty. */
  url: string;
  pool: pg.Pool;
};

/** Who takes part in a measure. */
export type Entrant = {
  name: string;
  prepare(url: string): Promise<void>;
  /** One round. @returns its figures by their names */
  once(stage: Stage): Promise<Readonly<Record<string, number>>>;
};

/** One row of the table. */
export type Measure = {
  name: string;
  /** Of all its figures, or of each. */
  unit: string | ((figure: string) => string);
  better: 'more' | 'less';
  /** How often it is made at most: what takes many minutes needs no more. */
  rounds?: number;
  entrants: readonly Entrant[];
};

export const asEntrants = <One extends Entry>(
  contenders: readonly One[],
  once: (contender: One, stage: Stage) => ReturnType<Entrant['once']>,
): Entrant[] =>
  contenders.map((contender) => ({
    name: contender.name,
    prepare: contender.prepare,
    once: (stage) => once(contender, stage),
  }));
