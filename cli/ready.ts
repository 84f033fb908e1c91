import type { Command } from 'commander';
import type { Level } from '#core/health/check.ts';

/** `punctual ready`: what GET /api/ready answers, without needing the console. Ends with 1 where it isn't ready. */
export function registerReady(program: Command): void {
  program
    .command('ready')
    .description('ask the database whether schedules are kept; end with 1 if not')
    .option('--json', 'print the checks as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { readReadinessOnce } = await import('./ready-check.ts');
      const read = await readReadinessOnce();
      if (!read.ok) {
        console.error(read.problem);
        process.exitCode = 1;
        return;
      }
      const { ready, checks } = read.readiness;
      const lines = json
        ? [JSON.stringify({ ready, checks })]
        : checks.map(
            ({ name, level, decides, says }) => `${MARK[level](decides)} ${name}: ${says}`,
          );
      process.stdout.write(`${lines.join('\n')}\n`);
      process.exitCode = ready ? 0 : 1;
    });
}

/** `NO` keeps Punctual from being ready; the others ask for a look. */
const MARK: Readonly<Record<Level, (decides: boolean) => string>> = {
  well: () => 'ok ',
  unknown: () => '–  ',
  warn: () => '!  ',
  bad: (decides) => (decides ? 'NO ' : '!! '),
};
