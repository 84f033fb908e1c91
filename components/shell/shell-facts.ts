import type { PageName } from './pages.ts';
import type { Outcome } from '#core/outcome.ts';

/** What the rail says on every page. A number that isn't known yet is null and not shown. */
export type ShellFacts = {
  jobs: number | null;
  failingJobs: number;
  queues: number | null;
  workers: number | null;
  /** Pages that one may not open. */
  closed: readonly PageName[];
  health: ShellHealth;
};

/** Whether Punctual itself is well: how late ticks start now, or what is wrong. */
export type ShellHealth =
  | { state: 'well'; startLagMs: number | null }
  | { state: 'unwell'; problem: 'no_worker' | 'database_gone' }
  | { state: 'unwell'; problem: 'planner_behind'; behindMs: number };

export type ShellUser = { name: string; email: string };

/** Ends all sessions of the user; a server action. */
export type SignOutEverywhere = () => Promise<Outcome<unknown>>;
