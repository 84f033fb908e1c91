import type { PageName } from './pages.ts';
import type { Outcome } from '#core/outcome.ts';
import type { ShellHealth } from '#core/overview/shell.ts';

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

export type ShellUser = { name: string; email: string };

/** Ends all sessions of the user; a server action. */
export type SignOutEverywhere = () => Promise<Outcome<unknown>>;
