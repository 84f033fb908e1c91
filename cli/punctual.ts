// The `punctual` command: `npm run punctual -- COMMAND`.
import { configurationPage } from './configuration.ts';
import { printReadiness } from './ready.ts';

type Command = { says: string; run(): void | Promise<void> };

const COMMANDS: Record<string, Command> = {
  configuration: {
    says: 'Prints docs/configuration.md, made from the schema that reads the environment.',
    run: () => {
      process.stdout.write(configurationPage());
    },
  },
  ready: {
    says: 'Asks the database of DATABASE_URL whether schedules are kept; ends with 1 if not.',
    run: printReadiness,
  },
  help: { says: 'Says this.', run: () => console.log(help()) },
};

const name = process.argv[2] ?? 'help';
const command = COMMANDS[name];
if (command) {
  await command.run();
} else {
  console.error(`There is no command ${name}.\n\n${help()}`);
  process.exitCode = 1;
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([key, { says }]) => `  ${key.padEnd(15)}${says}`);
  return `npm run punctual -- COMMAND\n\n${lines.join('\n')}`;
}
