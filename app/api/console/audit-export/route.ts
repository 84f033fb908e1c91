import { z } from 'zod';
import { EXPORT_FORMATS, exportTrail } from '#core/audit/export-trail.ts';
import { TrailFilters } from '#core/audit/trail-filters.ts';
import { defineRoute } from '../../define-route.ts';
import { streamOf } from '../../stream-of.ts';

const Query = TrailFilters.extend({
  format: z.enum(EXPORT_FORMATS, { error: `Choose a format: ${EXPORT_FORMATS.join(', ')}.` }),
});

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' };

/** All entries that match, as a file, sent part by part. */
export const GET = defineRoute(Query, async ({ format, ...filters }, actor, _request, session) => {
  const text = await exportTrail(actor, filters, format);
  if (!text.ok) return text;
  return new Response(streamOf(text.value, session), {
    headers: {
      'content-type': TYPES[format],
      'content-disposition': `attachment; filename="punctual-audit.${format}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
});
