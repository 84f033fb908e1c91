'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';

/** Recovery codes, the only time that they can be seen. */
export function RecoveryCodes({
  codes,
  email,
  onKept,
}: {
  codes: readonly string[];
  email: string;
  onKept: () => void;
}) {
  const t = useTranslations('secondFactor');
  const asText = () =>
    `${[t('fileHead', { email, place: window.location.host }), '', ...codes].join('\n')}\n`;
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([asText()], { type: 'text/plain' }));
    link.download = 'punctual-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className="grid max-w-80 gap-4">
      <div>
        <p role="status" className="text-table font-medium">
          {t('recoveryTitle')}
        </p>
        <p className="mt-1 text-table text-pretty text-ink-2">{t('recoverySentence')}</p>
      </div>
      <ul
        aria-label={t('recoveryTitle')}
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-box bg-sunk px-3 py-2.5 font-mono text-table"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex gap-2">
        <CopyButton text={asText} label={t('copyCodes')} size="normal" />
        <Button icon={<Download aria-hidden />} onClick={download}>
          {t('download')}
        </Button>
        <Button variant="primary" className="ml-auto" onClick={onKept}>
          {t('kept')}
        </Button>
      </div>
    </div>
  );
}
