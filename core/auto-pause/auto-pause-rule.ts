import { z } from 'zod';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
/** No rule looks further back at lines that read as errors. */
export const LONGEST_ERROR_WINDOW_MS = 3_600_000;

/** When Punctual pauses a job by itself. Of several conditions the first that holds is enough. */
export const AutoPauseRule = z
  .object({
    /** After so many runs in a row went wrong; null: it doesn't matter. */
    inRow: z
      .int('Give a whole number of runs.')
      .min(1, 'At least 1 run has to fail.')
      .max(1_000, 'At most 1,000 runs in a row are looked at.')
      .nullable()
      .default(null),
    /** When so many of a hundred runs that ended lately went wrong. */
    rate: z
      .object({
        percent: z
          .int('Give a whole percentage.')
          .min(1, 'At least 1 %.')
          .max(100, 'At most 100 %.')
          .default(50),
        withinMs: z
          .int()
          .min(MINUTE_MS, 'The window is at least 1 minute.')
          .max(WEEK_MS, 'The window is at most 7 days.')
          .default(3_600_000),
        /** Of fewer runs nothing is concluded. */
        leastRuns: z
          .int('Give a whole number of runs.')
          .min(1, 'At least 1 run.')
          .max(1_000, 'At most 1,000 runs.')
          .default(10),
      })
      .nullable()
      .default(null),
    /** When its logs hold so many lines that read as errors. */
    errorLines: z
      .object({
        lines: z
          .int('Give a whole number of lines.')
          .min(1, 'At least 1 line.')
          .max(1_000_000, 'At most 1,000,000 lines.')
          .default(10),
        withinMs: z
          .int()
          .min(10_000, 'The window is at least 10 seconds.')
          .max(LONGEST_ERROR_WINDOW_MS, 'The window is at most 1 hour.')
          .default(300_000),
      })
      .nullable()
      .default(null),
    /** It goes on by itself after so long; null: when somebody resumes it. */
    pauseMs: z
      .int()
      .min(MINUTE_MS, 'The pause lasts at least 1 minute.')
      .max(366 * 86_400_000, 'A pause ends by itself within a year.')
      .nullable()
      .default(null),
  })
  .refine(
    ({ inRow, rate, errorLines }) => inRow !== null || rate !== null || errorLines !== null,
    'Say what pauses the job: failures in a row, a failure rate or error lines.',
  );
export type AutoPauseRule = z.output<typeof AutoPauseRule>;

/** What made Punctual pause a job. */
export type PauseEvidence =
  | { rule: 'in_row'; runIds: number[]; failed: number }
  | { rule: 'rate'; runIds: number[]; failed: number; runs: number; withinMs: number }
  | { rule: 'error_lines'; runIds: number[]; lines: number; withinMs: number };
