'use client';

import { useTranslations } from 'next-intl';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { MadeLink } from './settings-actions.ts';

/** Shows a one-time link, the only time that it can be seen. */
export function LinkDialog({ made, onClose }: { made: MadeLink; onClose: () => void }) {
  const t = useTranslations('settings.link');
  const until = { until: () => <AbsoluteTime at={made.expiresAt} /> };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        width={560}
        title={made.name === null ? t('inviteTitle') : t('passwordTitle', { name: made.name })}
        sentence={t.rich(made.name === null ? 'inviteSentence' : 'passwordSentence', until)}
      >
        <DialogBody>
          {made.mailProblem && (
            <Notice className="mb-4" title={t('notMailed')}>
              {made.mailProblem}
            </Notice>
          )}
          <Field label={t('link')}>
            <Input
              mono
              readOnly
              value={made.link}
              className="pr-10"
              onFocus={(event) => event.target.select()}
            />
          </Field>
        </DialogBody>
        <DialogFoot>
          <CopyButton text={made.link} label={t('copy')} size="normal" />
          <Button variant="primary" onClick={onClose}>
            {t('done')}
          </Button>
        </DialogFoot>
      </DialogContent>
    </Dialog>
  );
}
