import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Refusal } from '#core/outcome.ts';
import type { GivenEnd } from '#components/pauses/pause-end.ts';
import { useCarryOut } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { notify } from '#components/ui/toast.tsx';
import { type JobName, jobQuery } from './job-queries.ts';
import type { JobActions } from './job-view.ts';

/** Changes when a job's pause ends by itself, and says so. */
export function usePauseEndAct(job: JobName, { changePauseEnd }: JobActions) {
  const t = useTranslations('pauses');
  const client = useQueryClient();
  const carryOut = useCarryOut();
  const words = useTimeWords();
  const clock = useClock();
  return async (end: GivenEnd, onRefused: (refusal: Refusal) => void): Promise<boolean> => {
    const done = await carryOut(() => changePauseEnd({ jobIds: [job.id], end }), onRefused);
    await client.invalidateQueries({ queryKey: jobQuery(job).queryKey });
    if (!done) return false;
    notify(
      end === null
        ? t('endTaken')
        : t('endSaved', { at: words.absolute(Date.parse(end.until), clock.now()) }),
    );
    return true;
  };
}
