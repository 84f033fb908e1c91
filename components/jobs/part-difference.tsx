'use client';

import { useTranslations } from 'next-intl';
import { cn } from '#components/ui/cn.ts';
import type { PartChange } from './definition-parts.ts';
import { hunksOf, lineDifference, type LineChange } from './line-difference.ts';
import { isCode, isText, usePartWords } from './part-words.ts';

/** One part before and after: in words, lists and texts by line. */
export function PartDifference({ change: { part, before, after } }: { change: PartChange }) {
  const words = usePartWords();
  const lines = (value: unknown) => (value === undefined ? [] : words.value(part, value));
  const isLong = isText(part) || lines(before).length > 1 || lines(after).length > 1;
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-4 border-b border-line py-2 text-table phone:grid-cols-1 phone:gap-1">
      <dt className="text-ink-3 first-letter:uppercase">{words.name(part)}</dt>
      <dd className="min-w-0">
        {isLong ? (
          <LineDifference
            before={isText(part) ? text(before) : lines(before).join('\n')}
            after={isText(part) ? text(after) : lines(after).join('\n')}
          />
        ) : (
          <ValueDifference before={lines(before)[0]} after={lines(after)[0]} mono={isCode(part)} />
        )}
      </dd>
    </div>
  );
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function ValueDifference({
  before,
  after,
  mono,
}: {
  before: string | undefined;
  after: string | undefined;
  mono: boolean;
}) {
  const t = useTranslations('job');
  return (
    <span className={cn('break-words', mono && 'font-mono text-meta leading-5')}>
      {before !== undefined && (
        <>
          <del className="text-ink-3">
            <span className="sr-only">{t('was')} </span>
            {before}
          </del>
          <span aria-hidden className="mx-2 text-ink-3">
            →
          </span>
        </>
      )}
      {after !== undefined && (
        <ins className="no-underline">
          <span className="sr-only">{t('is')} </span>
          {after}
        </ins>
      )}
    </span>
  );
}

const marks: Readonly<Record<LineChange['kind'], string>> = { same: ' ', added: '+', removed: '−' };
const looks: Readonly<Record<LineChange['kind'], string>> = {
  same: 'text-ink-2',
  added: 'bg-ok-tint text-ink',
  removed: 'bg-fail-tint text-ink',
};

/** Texts held against each other by line, with three lines around each change. */
export function LineDifference({ before, after }: { before: string; after: string }) {
  const t = useTranslations('job');
  const changes = lineDifference(before, after);
  const hunks = hunksOf(changes);
  const shown = hunks.reduce((sum, hunk) => sum + hunk.changes.length + hunk.skipped, 0);
  return (
    <div className="overflow-x-auto rounded-box bg-sunk py-1.5 font-mono text-log">
      {hunks.map((hunk, index) => (
        <div key={index}>
          <Skipped count={hunk.skipped} />
          {hunk.changes.map((line, at) => (
            <div
              key={at}
              className={cn('grid grid-cols-[1.5rem_minmax(0,1fr)] px-2', looks[line.kind])}
            >
              <span aria-hidden className="text-ink-3 select-none">
                {marks[line.kind]}
              </span>
              <span className="break-words whitespace-pre-wrap">
                {line.kind !== 'same' && (
                  <span className="sr-only">{t(line.kind === 'added' ? 'added' : 'removed')} </span>
                )}
                {line.text === '' ? '\u00a0' : line.text}
              </span>
            </div>
          ))}
        </div>
      ))}
      <Skipped count={changes.length - shown} />
    </div>
  );
}

function Skipped({ count }: { count: number }) {
  const t = useTranslations('job');
  if (count === 0) return null;
  return <p className="px-2 py-0.5 font-sans text-meta text-ink-3">{t('sameLines', { count })}</p>;
}
