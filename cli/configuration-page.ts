import { z } from 'zod';
import { Environment } from '#core/environment.ts';

type Property = { description?: string; default?: string | number; enum?: string[] };

/** docs/configuration.md, made from the schema that reads the environment. */
export function configurationPage(): string {
  const { properties = {} } = configurationSchema();
  const rows = Object.entries(properties as Record<string, Property>).map(
    ([name, property]) =>
      `| \`${name}\` | ${defaultOf(name, property)} | ${cell(property.description ?? '')} |`,
  );
  return [
    '<!-- Made from core/environment.ts: `npm run -s punctual -- configuration > docs/configuration.md`. -->',
    '# Configuration',
    '',
    'Punctual is configured by environment variables. They are read once, at the start of each process; a value that',
    "can't be used ends it with a line that names the variable and what it may be. A variable that is set to nothing",
    'counts as not set. Everything else is set in the console.',
    '',
    '| variable | default | what it says |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '`npm start` reads all of them and hands them on. `npm run web` and `npm run worker` need `DATABASE_URL`, and the web',
    'process `PUNCTUAL_AUTH_SECRET`; every process of one installation gets the same.',
    '',
    'Of the times, the lease must outlive the others: heartbeat < self-kill < lease. A worker without an acknowledged',
    'heartbeat kills its runs after the self-kill time, so that they are dead before the lease ends and another worker',
    'takes them over.',
    '',
  ].join('\n');
}

/** The environment as JSON Schema, for what reads it by machine. */
export function configurationSchema() {
  return z.toJSONSchema(Environment, { io: 'input', unrepresentable: 'any' });
}

function defaultOf(name: string, property: Property): string {
  if (property.default === undefined) return name === 'DATABASE_URL' ? 'embedded' : '';
  return property.default === '' ? '' : `\`${property.default}\``;
}

// A table's cell ends at a bar.
function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
