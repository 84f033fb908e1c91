import { useTranslations } from 'next-intl';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';

export default function Loading() {
  const t = useTranslations('common');
  return (
    <div className="mt-7">
      <RowsSkeleton rows={6} label={t('loading')} />
    </div>
  );
}
