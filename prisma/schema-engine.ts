import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import type * as Bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';

export type { SchemaEngine };

/** The datamodel's file. */
export const SCHEMA = path.join(import.meta.dirname, 'schema.prisma');

/**
 * Prisma's own schema engine, compiled to WebAssembly: it needs no binary of the platform and writes the ordinary
 * `_prisma_migrations` table.
 */
export async function createSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<SchemaEngine> {
  engineClass ??= loadEngine();
  const Engine = await engineClass;
  const datamodels: [string, string][] = [[SCHEMA, await readFile(SCHEMA, 'utf8')]];
  return Engine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

/**
 * Prisma's adapter over `pool`, except that a script is sent whole. The adapter cuts scripts at every semicolon, which
 * breaks the bodies of functions; and sent whole, a script is one transaction: a migration that fails leaves nothing.
 */
export function migrationAdapter(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = (script) => executeWhole(pool, script);
    return adapter;
  };
  return factory;
}

// Beside workers that work: their transactions can stand in the way of a script and it in theirs. The one that gave way
// left nothing behind, so it comes again.
async function executeWhole(pool: pg.Pool, script: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await pool.query(script);
      return;
    } catch (error) {
      const { code = '' } = error as Partial<pg.DatabaseError>;
      if (!IN_THE_WAY.has(code) || attempt === ATTEMPTS) {
        throw new DriverAdapterError(described(error as Partial<pg.DatabaseError>, script));
      }
      await setTimeout(REST_MS * (1 + Math.random()));
    }
  }
}

const DEADLOCK = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';
const IN_THE_WAY = new Set([DEADLOCK, LOCK_NOT_AVAILABLE]);
const HELD =
  'Another session holds a table for long. Find it in pg_stat_activity, wait for it or end it, and start again.';
const ATTEMPTS = 40;
const REST_MS = 3_000;

function described(error: Partial<pg.DatabaseError>, script: string) {
  const line = error.position
    ? script.slice(0, Number(error.position)).split('\n').length
    : undefined;
  return {
    kind: 'postgres' as const,
    code: error.code ?? 'XX000',
    severity: error.severity ?? 'ERROR',
    message: `${error.message ?? 'unknown error'}${line === undefined ? '' : ` (line ${line})`}`,
    detail: error.detail,
    column: error.column,
    hint: error.code === LOCK_NOT_AVAILABLE ? HELD : error.hint,
  };
}

let engineClass: Promise<typeof SchemaEngine> | undefined;

// The package's entry imports the .wasm file as a module, which Node doesn't do without a flag: this is what that
// entry would have done.
async function loadEngine(): Promise<typeof SchemaEngine> {
  const require = createRequire(import.meta.url);
  const bindingsPath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  registerPanics();
  const bindings = (await import(bindingsPath)) as typeof Bindings & {
    __wbg_set_wasm(exports: WebAssembly.Exports): void;
  };
  const binary = await readFile(bindingsPath.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, {
    './schema_engine_bg.js': withoutLingeringTimers(bindings),
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return bindings.SchemaEngine;
}

// The engine leaves the 10 s timer of its lock behind, which would keep a finished process waiting for it.
function withoutLingeringTimers(bindings: typeof Bindings): WebAssembly.ModuleImports {
  const imports = { ...bindings } as unknown as WebAssembly.ModuleImports;
  const name = Object.keys(imports).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (name) {
    imports[name] = (callback: () => void, ms: number) =>
      globalThis.setTimeout(callback, ms).unref();
  }
  return imports;
}

/** Where the engine leaves the message of a panic before it throws `unreachable`. */
function registerPanics(): void {
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string) {
        console.error(`Prisma's schema engine broke: ${message}`);
      },
    },
  });
}
