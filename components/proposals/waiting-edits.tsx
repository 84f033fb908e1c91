import { useTranslations } from 'next-intl';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { MiddleEllipsis } from '#components/ui/middle-ellipsis.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import type { WaitingEdit } from '#core/proposals/read-proposals.ts';

/** What waits for a second person, the oldest first. */
export function WaitingEdits({ edits }: { edits: readonly WaitingEdit[] }) {
  const t = useTranslations('proposal');
  return (
    <section aria-labelledby="waiting-edits" className="mt-8">
      <SectionHead id="waiting-edits" title={t('list')} note={edits.length} className="pb-2" />
      <ul className="border-t border-line">
        {edits.map(({ id, jobKey, proposedBy, proposedAt, note }) => (
          <li
            key={id}
            className="grid min-h-14 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line py-2"
          >
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline gap-x-3 text-table">
                <Link
                  href={`/jobs/${jobKey}/proposal`}
                  className="max-w-full min-w-0 font-mono hover:underline phone:text-body"
                >
                  <MiddleEllipsis text={jobKey} />
                </Link>
                <span className="text-ink-2">
                  {t.rich('of', { by: proposedBy, at: () => <RelativeTime at={proposedAt} /> })}
                </span>
              </p>
              {note && <p className="truncate text-meta leading-5 text-ink-2">{note}</p>}
            </div>
            <Button asChild size="small" className="min-w-[84px]">
              <Link href={`/jobs/${jobKey}/proposal`}>
                {t('look')}
                <span className="sr-only"> {jobKey}</span>
              </Link>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
