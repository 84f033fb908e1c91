import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { createSchemaEngine, migrationAdapter, SCHEMA } from '#prisma/schema-engine.ts';

/**
 * What would have to change in the database to make it what prisma/schema.prisma says, as SQL; empty when they agree.
 * Partitions are left out: Prisma knows their parents only.
 */
export async function schemaDifference(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const externalTables = await partitionsOf(pool);
  const engine = await createSchemaEngine(adapterThatReadsTheCatalogue(pool));
  const files = [{ path: SCHEMA, content: await readFile(SCHEMA, 'utf8') }];
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: path.dirname(SCHEMA) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables, externalEnums: [] },
    });
    return (stdout ?? '').replace('-- This is an empty migration.', '').trim();
  } finally {
    engine.free();
    await pool.end();
  }
}

const POSTGRES_CHAR = 18;
const POSTGRES_TEXT = 25;

// The engine reads columns of PostgreSQL's one-byte type "char" from the catalogue, which Prisma's adapter refuses. It
// gets them as text, and the engine is told that they are characters. And it reads the ends of sequences, which are
// beyond the numbers as which core/db.ts reads int8: here they stay text.
function adapterThatReadsTheCatalogue(pool: pg.Pool) {
  const columns = new Set<string>();
  const query = pool.query.bind(pool) as (config: Config) => Promise<pg.QueryResult>;
  type Config = { types?: pg.CustomTypesConfig };
  Object.assign(pool, {
    query: async (config: Config) => {
      const result = await query({ ...config, types: withoutNumbers(config.types ?? pg.types) });
      for (const field of result.fields) {
        if (field.dataTypeID !== POSTGRES_CHAR) continue;
        field.dataTypeID = POSTGRES_TEXT;
        columns.add(field.name);
      }
      return result;
    },
  });
  const factory = migrationAdapter(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (statement) => {
      const result = await queryRaw(statement);
      result.columnTypes = result.columnTypes.map((type, index) =>
        columns.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
      );
      return result;
    };
    return adapter;
  };
  return factory;
}

function withoutNumbers(types: pg.CustomTypesConfig): pg.CustomTypesConfig {
  const numbersAsText = (...[oid, format]: Parameters<typeof types.getTypeParser>) =>
    oid === pg.types.builtins.INT8 ? String : types.getTypeParser(oid, format);
  return { getTypeParser: numbersAsText as typeof types.getTypeParser };
}

async function partitionsOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    SELECT 'public.' || relname AS name FROM pg_class
     WHERE relispartition AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace`);
  return rows.map((row) => row.name);
}
