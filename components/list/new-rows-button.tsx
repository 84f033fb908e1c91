'use client';

import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';

/** "4 new": the rows that `useHeldRows` holds back come in when one asks for them, or goes to the top. */
export function NewRowsButton({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useTranslations('common');
  return (
    <Button
      size="small"
      icon={<ArrowUp aria-hidden />}
      onClick={onShow}
      className="fixed top-3 left-1/2 z-20 -translate-x-1/2 bg-float shadow-float phone:top-16"
    >
      {t('newRows', { count })}
    </Button>
  );
}
