import type { Command } from 'commander';

/** `punctual permissions`: who may do what, from the table that use-cases ask. Needs no installation. */
export function registerPermissions(program: Command): void {
  program
    .command('permissions')
    .description('print which role may do what, from the table that decides it')
    .option('--json', 'print the table as JSON')
    .action(async (options: { json?: boolean }) => {
      const { permissionLines, permissionTable } = await import('./permission-table.ts');
      const text = options.json ? JSON.stringify(permissionTable()) : permissionLines().join('\n');
      process.stdout.write(`${text}\n`);
    });
}
