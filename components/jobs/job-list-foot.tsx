'use client';

import { ChevronRight } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { createSerializer } from 'nuqs/server';
import type { JobList } from '#core/jobs/reads.ts';
import { Button } from '#components/ui/button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { Link } from '#components/ui/link.tsx';
import { JOBS_ON_PAGE, jobListParsers, type JobListAddress } from './job-list-address.ts';

const hrefOf = createSerializer(jobListParsers);

/** Which rows these are, the next ones, and the keys of the list. */
export function JobListFoot({
  list,
  shown,
  address,
}: {
  list: JobList;
  shown: number;
  address: JobListAddress;
}) {
  const t = useTranslations('jobs');
  const format = useFormatter();
  if (shown === 0) return null;
  const total = format.number(list.total);
  const rest = Math.min(JOBS_ON_PAGE, list.total - shown);
  return (
    <nav
      aria-label={t('title')}
      className="flex min-h-control-small items-center justify-between gap-4 pt-3 text-table text-ink-3"
    >
      <span>
        {address.after === null
          ? t('range', { first: 1, last: shown, total })
          : t('some', { count: shown, total })}
      </span>
      <span className="flex items-center gap-4 text-meta phone:hidden">
        <Keys keys={['j', 'k']} words={t('keyMove')} />
        <Keys keys={['t']} words={t('keyTrigger')} />
        <Keys keys={['p']} words={t('keyPause')} />
        <Keys keys={['e']} words={t('keyEdit')} />
        <Keys keys={['?']} words={t('keyAll')} />
      </span>
      <span className="flex gap-2">
        {address.after !== null && (
          <Button asChild size="small">
            <Link href={hrefOf('/jobs', { ...address, after: null })}>{t('firstPage')}</Link>
          </Button>
        )}
        {list.next !== null && (
          <Button asChild size="small">
            <Link href={hrefOf('/jobs', { ...address, after: list.next })} rel="next">
              {t('nextPage', { count: rest })}
              <ChevronRight aria-hidden />
            </Link>
          </Button>
        )}
      </span>
    </nav>
  );
}

function Keys({ keys, words }: { keys: readonly string[]; words: string }) {
  return (
    <span className="flex items-center gap-1">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
      {words}
    </span>
  );
}
