import { keptHere } from '#components/shell/kept-here.ts';
import type { JobDefinition } from '#core/jobs/definition.ts';
import type { EditorForm } from './editor-form.ts';

/** What was typed and not saved, as this browser keeps it. */
export type Draft = {
  /** ISO 8601. */
  savedAt: string;
  /** The revision that was edited and what it said, to tell what changed; null for a new job. */
  basedOn: { revision: number; definition: JobDefinition } | null;
  form: EditorForm;
};

// Raised when the form's shape changes: an older draft can't be put into it.
const VERSION = 5;
const KEEP_MS = 30 * 86_400_000;

/** Drafts of one person for one job (`new` for one that isn't made yet), so that nobody meets another's. */
export function draftStore(userId: string, job: number | 'new') {
  const name = `job.${userId}.${job}`;
  return {
    read(now: Date): Draft | null {
      const draft = parse(keptHere.read(name));
      if (draft === null) return null;
      return now.getTime() - Date.parse(draft.savedAt) > KEEP_MS ? null : draft;
    },
    /** Whether it could be kept: a browser may refuse (private windows, a full store). */
    write(draft: Draft): boolean {
      return keptHere.write(name, JSON.stringify({ version: VERSION, ...draft }));
    },
    remove(): void {
      keptHere.remove(name);
    },
  };
}

function parse(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Draft> & { version?: number };
    if (kept.version !== VERSION || !kept.form || !kept.savedAt) return null;
    if (Number.isNaN(Date.parse(kept.savedAt))) return null;
    return { savedAt: kept.savedAt, basedOn: kept.basedOn ?? null, form: kept.form };
  } catch {
    return null;
  }
}
