import { defineConfig } from 'prisma/config';

// `prisma generate` runs no schema engine but refuses to start without one that exists; migrations run
// through the engine compiled to WebAssembly (prisma/migrate.ts), so any file will do.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma' });
