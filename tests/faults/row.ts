/** What a fault did, and what the checker found afterwards. */
export type Row = {
  /** Of list.ts; 0: none of them. */
  number: number;
  name: string;
  /** `not run`: it can't be made on this machine, and `reason` says why. */
  result: 'passed' | 'failed' | 'not run';
  reason: string | null;
  /** How often the fault was made. */
  rounds: number;
  /** Leases and heartbeats as they are by default, or a tenth of them. */
  times: 'real' | 'a tenth';
  /** Ticks that the schedules should have fired meanwhile. */
  expected: number;
  /** Of them, how many began as a process; the others stand in the ledger as skipped, covered or in a gap. */
  ran: number;
  doubled: number;
  unaccounted: number;
  linesLost: number;
  /** The longest time in which no process began, ms. */
  longestOutageMs: number | null;
  /** From the end of the fault until ticks began on time again, ms; the longest of all rounds. */
  recoverMs: number | null;
  /** What was found wrong, a sentence each; of many the first ones. */
  findings: string[];
  /** What was seen beside the counts, a sentence each. */
  notes: string[];
  tookMs: number;
};

declare module 'vitest' {
  interface TaskMeta {
    fault?: Row;
  }
}
