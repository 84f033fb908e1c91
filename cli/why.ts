import type { Command } from 'commander';
import type { WhyOptions } from './why-answer.ts';
import { AS } from './shared-options.ts';

/** `punctual why`: what keeps a job or a run from running. Ends with 0 where it was answered, 2 where it couldn't be. */
export function registerWhy(program: Command): void {
  program
    .command('why')
    .description('say why a job isn’t running, what would mend it and about when it starts')
    .argument('[key]', 'the job')
    .option('--run <id>', 'ask about this run instead')
    .option(...AS)
    .option('--json', 'print the causes as JSON, with their words')
    .action(async (key: string | undefined, options: WhyOptions) => {
      const { printWhy } = await import('./why-answer.ts');
      await printWhy(key, options);
    });
}
