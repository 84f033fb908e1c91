'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useDeferredValue } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Input } from '#components/ui/input.tsx';
import type { PartId } from './definition-parts.ts';
import { useProblem } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { usePartWords } from './part-words.ts';

const MOST_NAMED = 3;

/** What would be saved, why, and the two ways on. It stays in sight while one scrolls. */
export function SaveBar({
  revision,
  changedParts,
  isSaving,
  isKept,
  problem,
  onDiscard,
  onTry,
}: {
  /** The number that the saved revision gets; null for a new job. */
  revision: number | null;
  changedParts: (form: EditorForm) => PartId[];
  isSaving: boolean;
  isKept: boolean;
  /** Why the last try to save didn't. */
  problem: string | null;
  onDiscard: () => void;
  /** Asks how the changes are to be tried on some of the runs first. */
  onTry: (changed: PartId[]) => void;
}) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const values = useDeferredValue(useWatch({ control }) as EditorForm);
  const changed = changedParts(values);
  const hasChanges = changed.length > 0;
  return (
    <div
      role="group"
      aria-label={t('unsaved')}
      className="sticky bottom-0 z-10 -mx-gutter -mb-16 flex min-h-14 items-center gap-3 border-t border-line-strong bg-canvas px-gutter py-2 text-table phone:fixed phone:inset-x-0 phone:mx-0 phone:mb-0 phone:flex-wrap phone:pb-[calc(0.5rem+env(safe-area-inset-bottom))]"
    >
      <p
        className={cn(
          'min-w-24 flex-1 text-pretty phone:basis-full',
          problem === null && 'phone:hidden',
        )}
        aria-live="polite"
      >
        {problem !== null ? (
          <span className="text-fail-ink">
            <b className="font-medium">{t('notSaved')}</b> {problem}
          </span>
        ) : (
          <ChangeWords changed={changed} isNew={revision === null} />
        )}
        {hasChanges && !isKept && <span className="text-time-ink"> {t('notKept')}</span>}
      </p>
      <NoteInput className="w-72 max-[75rem]:w-52 phone:hidden" />
      <Button onClick={onDiscard} disabled={!hasChanges || isSaving} className="phone:flex-1">
        {t('discard')}
      </Button>
      {revision !== null && (
        <Button
          onClick={() => onTry(changed)}
          disabled={!hasChanges || isSaving}
          className="phone:flex-1"
        >
          {t('tryFirst')}
        </Button>
      )}
      <Button
        type="submit"
        variant="primary"
        pending={isSaving}
        disabled={!hasChanges && revision !== null}
        className="phone:flex-1"
      >
        {revision === null ? t('make') : t('saveAs', { revision })}
      </Button>
    </div>
  );
}

function ChangeWords({ changed, isNew }: { changed: readonly PartId[]; isNew: boolean }) {
  const t = useTranslations('editor');
  const locale = useLocale();
  const { name } = usePartWords();
  if (changed.length === 0) return <span className="text-ink-2">{t('noChanges')}</span>;
  if (isNew) return <b className="font-medium">{t('notSaved')}</b>;
  const named = changed
    .slice(0, changed.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED)
    .map(name);
  const rest = changed.length - named.length;
  const list = new Intl.ListFormat(locale, { type: 'unit' }).format(named);
  return (
    <>
      <b className="font-medium">{t('notSaved')}</b>{' '}
      <span className="text-ink-2">{t('changes', { count: changed.length, list, rest })}</span>
    </>
  );
}

/** Why it is changed. In the bar on a wide screen, at the end of the form on the phone. */
export function NoteInput({ className }: { className?: string }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'note' });
  const problem = useProblem('note');
  return (
    <span className={className} data-control="note">
      <Input
        aria-label={t('note')}
        placeholder={t('notePlaceholder')}
        aria-invalid={problem !== undefined}
        title={problem}
        maxLength={500}
        value={field.value}
        onChange={field.onChange}
        autoComplete="off"
      />
    </span>
  );
}
