import type { Command } from 'commander';
import type { LogsOptions } from './print-logs.ts';
import { AS } from './shared-options.ts';

/** `punctual logs`: a run's log, as it was written. */
export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('print the log of a run, or of the latest run of a job')
    .argument('<run-or-key>', 'the number of a run, or the key of a job')
    .option('-f, --follow', 'go on until the run ends')
    .option('--tail <lines>', 'begin so many lines before the end')
    .option('--times', 'begin each line with its time')
    .option(...AS)
    .option('--json', 'print a JSON object a line of the log')
    .action(async (named: string, options: LogsOptions) => {
      const { printLogs } = await import('./print-logs.ts');
      await printLogs(named, options);
    });
}
