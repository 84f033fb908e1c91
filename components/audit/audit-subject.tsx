'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { TrailEntry } from '#core/audit/trail.ts';
import { cn } from '#components/ui/cn.ts';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';

const plainPlaces: Readonly<Record<string, string>> = {
  queue: '/queues',
  worker: '/workers',
  user: '/settings/people',
  invitation: '/settings/people',
  secret: '/settings/secrets',
};

/** What an entry is about, as a link to it where it has a page; nothing where the words say it already. */
export function AuditSubject({
  entry: { action, actor, subject, subjectName, job },
  className,
}: {
  entry: TrailEntry;
  className?: string | undefined;
}) {
  const format = useFormatter();
  const [noun, name] = [subject.split(':')[0]!, subject.slice(subject.indexOf(':') + 1)];
  if (subject === 'installation' || isAboutOneself(action, actor, subjectName)) return null;
  const href = hrefOf(noun, name, job);
  const words =
    noun === 'run' && /^\d+$/.test(name) ? format.number(Number(name)) : (subjectName ?? name);
  const text = (
    <>
      {noun === 'run' && <RunWord />}
      <MiddleEllipsis text={words} />
    </>
  );
  const look = cn(noun === 'job' || noun === 'queue' ? 'font-mono' : '', className);
  return href === null ? (
    <span className={look}>{text}</span>
  ) : (
    <Link href={href} className={cn('relative z-1 hover:underline', look)}>
      {text}
    </Link>
  );
}

function RunWord() {
  const t = useTranslations('audit');
  return <>{t('run')} </>;
}

const isAboutOneself = (action: string, actor: string, subjectName: string | null) =>
  action.startsWith('session.') && actor === subjectName;

function hrefOf(noun: string, name: string, job: TrailEntry['job']): string | null {
  if (noun === 'run') return `/runs/${name}`;
  // A deleted job has no page; its runs are there.
  if (noun === 'job')
    return job === null ? null : job.isDeleted ? `/runs?job=${name}` : `/jobs/${job.key}`;
  if (noun === 'calendar') return `/calendars/${name}`;
  return plainPlaces[noun] ?? null;
}
