import type { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { inTransaction, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { audit } from './audit.ts';
import { csvLine } from './csv.ts';
import { entryOf, type TrailEntry } from './trail.ts';
import { TrailFilters } from './trail-filters.ts';
import { readTrailPage } from './trail.sql.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const BATCH = 1_000;

/**
 * All entries that match, newest first, as text that comes in parts: CSV (RFC 4180, with a line of names) or a line of JSON
 * an entry. That somebody took them away stands in the trail itself.
 */
export async function exportTrail(
  actor: Actor,
  input: z.input<typeof TrailFilters>,
  format: ExportFormat,
): Promise<Outcome<AsyncGenerator<string>>> {
  authorize(actor, 'audit:read');
  const parsed = TrailFilters.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const filters = parsed.data;
  const given = Object.entries(filters).filter(([, value]) => value !== null);
  await inTransaction((tx) =>
    audit(tx, actor, {
      action: 'audit.export',
      subject: 'installation',
      after: {
        format,
        ...Object.fromEntries(
          given.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
        ),
      },
    }),
  );
  return done(linesOf(filters, format));
}

async function* linesOf(filters: TrailFilters, format: ExportFormat): AsyncGenerator<string> {
  const sql = sqlOf(webPool());
  if (format === 'csv') yield csvLine(COLUMNS);
  let cursor: { direction: 'older'; id: number } | null = null;
  for (;;) {
    const { rows, searchedToId } = await readTrailPage(sql, filters, cursor, BATCH);
    const lines = rows.map(entryOf).map(format === 'csv' ? asCsv : asJson);
    if (lines.length > 0) yield lines.join('');
    const last = rows.length === BATCH ? rows.at(-1)!.id : searchedToId;
    if (last === null) return;
    cursor = { direction: 'older', id: last };
  }
}

const COLUMNS = [
  'id',
  'at',
  'who',
  'email',
  'action',
  'subject',
  'job',
  'before',
  'after',
  'reason',
  'address',
  'seal',
] as const;

function asCsv(entry: TrailEntry): string {
  return csvLine([
    entry.id,
    entry.at,
    entry.actor,
    entry.email,
    entry.action,
    entry.subject,
    entry.job?.key ?? null,
    entry.before === null ? null : JSON.stringify(entry.before),
    entry.after === null ? null : JSON.stringify(entry.after),
    entry.reason,
    entry.address,
    entry.seq,
  ]);
}

const asJson = (entry: TrailEntry) => `${JSON.stringify(entry)}\n`;
