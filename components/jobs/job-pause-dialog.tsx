'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Asks why, and what becomes of what runs. */
export function PauseDialog({
  jobKey,
  running,
  onPause,
  onClose,
}: {
  jobKey: string;
  /** How many runs are under way. */
  running: number;
  onPause: (reason: string, cancelRunning: boolean) => void;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const [reason, setReason] = useState('');
  const [cancelRunning, setCancelRunning] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    onPause(reason, cancelRunning);
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent
        width={480}
        title={t.rich('pauseTitle', { key: () => <span className="font-mono">{jobKey}</span> })}
        sentence={t('pauseSentence')}
      >
        <form onSubmit={submit} className="contents">
          <DialogBody>
            <Field label={t('reason')} explanation={t('reasonHint')}>
              <Input
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                maxLength={500}
                autoComplete="off"
                autoFocus
              />
            </Field>
            <CheckboxLine
              className="mt-3"
              label={t('alsoCancel')}
              hint={t('alsoCancelHint', { count: running })}
              checked={cancelRunning}
              onCheckedChange={(next) => setCancelRunning(next === true)}
            />
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" variant="primary">
              {t('pause')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
