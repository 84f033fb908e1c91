import { type Environment, EnvironmentError, parseEnvironment } from '#core/environment.ts';

/** The environment, and whether `npm start` has to bring a database of its own. */
export type Settings = { environment: Environment; embedded: boolean };

// Stands for the address that the embedded server gets later, so that the rest can be checked before anything starts.
const TO_COME = 'postgresql://127.0.0.1/punctual';

const WITHOUT =
  'PUNCTUAL_DIRECT_DATABASE_URL is set, and DATABASE_URL is not: set both, or neither for the embedded database. ' +
  'See docs/configuration.md.';

/** @throws EnvironmentError naming each variable that can't be used */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const embedded = !variables['DATABASE_URL'];
  if (embedded && variables['PUNCTUAL_DIRECT_DATABASE_URL']) throw new EnvironmentError(WITHOUT);
  const environment = parseEnvironment(
    embedded ? { ...variables, DATABASE_URL: TO_COME } : variables,
  );
  return { environment, embedded };
}
