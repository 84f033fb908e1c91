import { useTranslations } from 'next-intl';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** In place of the page for those who may not see the names. */
export function SecretsNotAllowed() {
  const t = useTranslations('errors');
  const who = useTranslations('whoMay');
  return <ProblemState tone="locked" title={t('notAllowedTitle')} meaning={who('secret:read')} />;
}
