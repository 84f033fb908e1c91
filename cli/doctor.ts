import type { Command } from 'commander';
import type { DoctorOptions } from './doctor-report.ts';
import { AS } from './shared-options.ts';

/** `punctual doctor`: what is wrong with an installation, and what to do. Ends with 1 where something is. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('examine the installation; end with 1 where something is wrong')
    .option('--fix', 'mend what is safe to mend')
    .option(...AS)
    .option('--json', 'print the findings as JSON')
    .action(async (options: DoctorOptions) => {
      const { printExamination } = await import('./doctor-report.ts');
      await printExamination(options);
    });
}
