import { useTranslations } from 'next-intl';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** In place of a page that one's role doesn't include. */
export function NotAllowedState() {
  const t = useTranslations('errors');
  return (
    <ProblemState tone="locked" title={t('notAllowedTitle')} meaning={t('notAllowedMeaning')} />
  );
}
