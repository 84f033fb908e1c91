'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { Link } from '#components/ui/link.tsx';
import { Td, Tr } from '#components/ui/table.tsx';
import type { BlackoutAsked } from './blackout-dialog.tsx';
import { useBlackoutWords } from './use-blackout-words.ts';

export function BlackoutRow({
  blackout,
  part,
  row,
  mayWrite,
  onAsk,
}: {
  blackout: BlackoutSummary;
  part: 'now' | 'next' | 'past';
  row: { isCursor: boolean };
  mayWrite: boolean;
  onAsk: (asked: BlackoutAsked) => void;
}) {
  const t = useTranslations('blackouts');
  const words = useBlackoutWords();
  const { id, name, note, effect, jobs, now, createdBy } = blackout;
  const who = useTranslations('whoMay');
  const hint = mayWrite ? undefined : who('blackout:write');
  return (
    <Tr
      {...row}
      className="phone:grid-cols-[minmax(0,1fr)_auto] phone:gap-y-0.5 desk:h-13 desk:[&>td]:py-1.5"
    >
      <Td phone="first" className="whitespace-normal phone:col-start-1">
        {mayWrite ? (
          <Link href={`/calendars/blackouts/${id}`} data-row-link className="hover:underline">
            {name}
          </Link>
        ) : (
          name
        )}{' '}
        <LabelChip tone={effect === 'hold' ? 'time' : 'plain'}>{t(`effect.${effect}`)}</LabelChip>
        <span className="block truncate text-meta text-ink-3" title={note}>
          {note === '' ? t('by', { name: createdBy }) : note}
        </span>
      </Td>
      <Td
        phone="second"
        className="text-ink-2 phone:col-span-2 phone:col-start-1 phone:whitespace-normal desk:whitespace-normal"
      >
        <When blackout={blackout} />
      </Td>
      <Td
        phone="second"
        className="text-ink-2 phone:col-span-2 phone:col-start-1 phone:row-start-3 phone:whitespace-normal max-[80rem]:desk:whitespace-normal"
      >
        <span title={words.scope(blackout)}>{words.scope(blackout)}</span>
      </Td>
      <Td numeric phone="hidden">
        {jobs}
      </Td>
      <Td
        phone="second"
        className="phone:col-span-2 phone:col-start-1 phone:row-start-4 phone:whitespace-normal desk:whitespace-normal"
      >
        <span className="text-ink-3 desk:hidden">{t(`status.${part}`)}: </span>
        <Status blackout={blackout} />
      </Td>
      <Td phone="first-end" className="overflow-visible phone:col-start-2">
        <span className="flex justify-end gap-1">
          {now && (
            <Button
              size="small"
              disabled={!mayWrite}
              title={hint}
              onClick={() => onAsk({ act: 'end', blackout })}
            >
              {t('endNow')}
            </Button>
          )}
          <IconButton
            label={t('deleteNamed', { name })}
            size="small"
            disabled={!mayWrite}
            onClick={() => onAsk({ act: 'remove', blackout })}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </span>
      </Td>
    </Tr>
  );
}

function When({ blackout: { times } }: { blackout: BlackoutSummary }) {
  const t = useTranslations('blackouts');
  const words = useBlackoutWords();
  if (times.type === 'weekly') return words.weekly(times);
  return t.rich('once', {
    from: () => <AbsoluteTime at={times.from} />,
    to: () => <AbsoluteTime at={times.to} />,
  });
}

/** What it does at this moment: on until when, next from when, over since when. */
function Status({ blackout: { now, next, last, ended } }: { blackout: BlackoutSummary }) {
  const t = useTranslations('blackouts');
  if (now) {
    return now.to === null ? (
      t('withoutEnd')
    ) : (
      <>
        <AbsoluteTime at={now.to} className="font-medium" />{' '}
        <span className="text-meta text-ink-3 desk:block">
          <RelativeTime at={now.to} />
        </span>
      </>
    );
  }
  return (
    <>
      {next && (
        <>
          <AbsoluteTime at={next.from} />{' '}
          <span className="text-meta text-ink-3 max-[80rem]:desk:block">
            <RelativeTime at={next.from} />
          </span>
        </>
      )}
      {ended && (
        <span className="block text-meta text-ink-3">
          {t.rich('endedBy', { by: ended.by, at: () => <AbsoluteTime at={ended.at} /> })}
        </span>
      )}
      {last && <RelativeTime at={last.to} />}
    </>
  );
}
