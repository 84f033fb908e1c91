'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { cn } from '#components/ui/cn.ts';
import { Input } from '#components/ui/input.tsx';
import { auditChoices } from './audit-queries.ts';
import { useDidWords } from './did-words.ts';

/** One person or action of those that the trail names, found by typing. */
export function AuditChoice({
  of,
  chosen,
  onChoose,
}: {
  of: 'actors' | 'actions';
  chosen: string | null;
  onChoose: (value: string) => void;
}) {
  const t = useTranslations('audit.filter');
  const did = useDidWords();
  const { data, isError } = useQuery(auditChoices);
  const [typed, setTyped] = useState('');
  const wordsOf = (value: string) => (of === 'actors' ? value : (did(value) ?? value));
  const wanted = typed.trim().toLowerCase();
  const choices = (data?.[of] ?? []).filter((value) =>
    `${wordsOf(value)} ${value}`.toLowerCase().includes(wanted),
  );
  const label = t(of === 'actors' ? 'findWho' : 'findAction');
  return (
    <div className="grid w-72 gap-2">
      <Input
        small
        // The reader opened it to type.
        autoFocus
        aria-label={label}
        placeholder={label}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className="max-h-72 overflow-y-auto">
        {choices.map((value) => (
          <li key={value}>
            <button
              type="button"
              aria-pressed={value === chosen}
              onClick={() => onChoose(value)}
              className={cn(
                'flex w-full items-baseline gap-2 rounded-box px-2 py-1 text-left text-table hover:bg-hover phone:min-h-11',
                value === chosen && 'bg-accent-tint',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{wordsOf(value)}</span>
              {of === 'actions' && (
                <span className="shrink-0 font-mono text-meta text-ink-3">{value}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {(isError || (data && choices.length === 0)) && (
        <p className="text-table text-ink-3">{t(isError ? 'loadFailed' : 'noChoice')}</p>
      )}
    </div>
  );
}
