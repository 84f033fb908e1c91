import { command } from './command.ts';
import { http } from './http.ts';
import type { Kind } from './kind.ts';
import { script } from './script.ts';

/** Every kind that this program can execute, by `work.kind`. */
export const kinds = new Map<string, Kind>();

/** @throws when two kinds have one name: a mistake of the program, not of a job. */
export function registerKind<Config>(kind: Kind<Config>): void {
  if (kinds.has(kind.name)) throw new Error(`there are two kinds called ${kind.name}`);
  kinds.set(kind.name, kind);
}

registerKind(http);
registerKind(command);
registerKind(script);
