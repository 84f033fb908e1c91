import type { Command } from 'commander';

/** `punctual configuration`: the page of the environment's variables, for docs/configuration.md. */
export function registerConfiguration(program: Command): void {
  program
    .command('configuration')
    .description('print docs/configuration.md, made from the schema that reads the environment')
    .option('--json', 'print the schema as JSON Schema instead')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { configurationPage, configurationSchema } = await import('./configuration-page.ts');
      const text = json
        ? `${JSON.stringify(configurationSchema(), null, 2)}\n`
        : configurationPage();
      process.stdout.write(text);
    });
}
