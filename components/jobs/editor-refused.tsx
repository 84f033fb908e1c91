import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** Where the editor would stand, for whoever may not use it, or for a job that is gone. */
export function EditorRefused({
  jobKey,
  why,
}: {
  jobKey: string | null;
  why: 'not_allowed' | 'deleted';
}) {
  const t = useTranslations('editor');
  return (
    <ProblemState
      heading="h1"
      tone="locked"
      title={t(`refused.${why}.title`)}
      meaning={t(`refused.${why}.meaning`)}
      actions={
        <Button asChild>
          <Link href={jobKey === null ? '/jobs' : `/jobs/${jobKey}`}>
            {jobKey === null ? t('toJobs') : t('toJob')}
          </Link>
        </Button>
      }
    />
  );
}
