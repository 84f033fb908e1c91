'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Asks why several jobs are paused, and what becomes of what runs. */
export function JobListPauseDialog({
  jobs,
  running,
  onPause,
  onClose,
}: {
  jobs: number;
  /** How many of them run now. */
  running: number;
  onPause: (reason: string, cancelRunning: boolean) => void;
  onClose: () => void;
}) {
  const t = useTranslations('jobs');
  const words = useTranslations('common');
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
        title={t('pauseTitle', { count: jobs })}
        sentence={t('pauseSentence')}
      >
        <form onSubmit={submit} className="contents">
          <DialogBody>
            <Field label={t('pauseReason')} explanation={t('pauseReasonHint')}>
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
              label={t('pauseCancel')}
              hint={t('pauseCancelHint', { count: running })}
              checked={cancelRunning}
              onCheckedChange={(next) => setCancelRunning(next === true)}
            />
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{words('cancel')}</Button>
            <Button type="submit" variant="primary">
              {t('pauseDo', { count: jobs })}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
