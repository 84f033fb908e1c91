import { useTranslations } from 'next-intl';
import { ProblemState } from '#components/ui/problem-state.tsx';

export type PageRight =
  'forecast:read' | 'worker:read' | 'health:read' | 'user:read' | 'log:read' | 'audit:read';

/** In place of what one's roles don't include: says who may. */
export function NotAllowedState({
  permission,
  title,
}: {
  permission: PageRight;
  title?: string | undefined;
}) {
  const t = useTranslations('errors');
  const who = useTranslations('whoMay');
  return (
    <ProblemState tone="locked" title={title ?? t('notAllowedTitle')} meaning={who(permission)} />
  );
}
