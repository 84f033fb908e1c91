import { CommandConfig } from './command.ts';
import { HttpConfig } from './http.ts';
import { ScriptConfig } from './script.ts';

/** What a job of each kind asks for. worker/kinds/ has the file that executes it. */
export const KIND_CONFIGS = [HttpConfig, CommandConfig, ScriptConfig] as const;

export const KINDS = KIND_CONFIGS.map((config) => config.shape.kind.value);
export type KindName = (typeof KINDS)[number];
