import type { Command } from 'commander';
import type { BackfillOptions } from './backfill-job.ts';
import { AS, collected } from './shared-options.ts';

/** `punctual backfill`: runs what has passed. With --wait it ends with 0 when every run succeeded, else with 1. */
export function registerBackfill(program: Command): void {
  program
    .command('backfill')
    .description(
      'run the occurrences of a stretch that have no success, at a rate; with --wait, end with 1 unless all of them succeeded',
    )
    .argument('<key>', 'the job')
    .requiredOption(
      '--from <instant>',
      'where the stretch begins: an instant, a day in UTC, or 30m, 24h, 7d ago',
    )
    .option('--to <instant>', 'where it ends, exclusive (default: now)')
    .option('--all', 'also those that succeeded')
    .option('--reverse', 'the newest first')
    .option('--per-minute <number>', 'so many runs a minute', '60')
    .option('--at-once <number>', 'at most so many at once', '1')
    .option('--urgent', 'with the job’s own priority, not a step below it')
    .option('--param <name=value>', 'a parameter; may be given several times', collected, [])
    .option('--reason <text>', 'why, for its runs and the audit trail')
    .option('--dry-run', 'only say what it would do')
    .option('--wait', 'follow it to its end')
    .option(...AS)
    .option('--json', 'print it as JSON; with --wait, a line at every change')
    .action(async (key: string, options: BackfillOptions) => {
      const { backfillJob } = await import('./backfill-job.ts');
      await backfillJob(key, options);
    });
}
