import type { Command } from 'commander';
import type { RunOptions } from './run-job.ts';
import { AS, collected } from './shared-options.ts';

/** `punctual run`: triggers a job. With --wait it ends as the run did: 0 when it succeeded, else 1. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description(
      'run a job now; with --wait, end with 0 when the run succeeded and with 1 when not',
    )
    .argument('<key>', 'the job')
    .option('--param <name=value>', 'a parameter; may be given several times', collected, [])
    .option('--note <text>', 'why, for the run and the audit trail')
    .option('--wait', 'follow the run to its end')
    .option('--test', 'run it as a test, which counts nowhere')
    .option(...AS)
    .option('--json', 'print the run as JSON; with --wait, a line at every change')
    .action(async (key: string, options: RunOptions) => {
      const { runJob } = await import('./run-job.ts');
      await runJob(key, options);
    });
}
