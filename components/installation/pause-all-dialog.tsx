'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Says what pausing everything does, and asks why. What was typed stays when it doesn't work. */
export function PauseAllDialog({
  pauseEverything,
  onPaused,
  onClose,
}: {
  pauseEverything: InstallationActions['pauseEverything'];
  onPaused: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('installation');
  const words = useTranslations('common');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, setIsPending] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') {
      setProblem(t('reasonMissing'));
      return;
    }
    setIsPending(true);
    const done = await pauseEverything({ reason }).catch(() => null);
    setIsPending(false);
    if (!done?.ok) {
      setProblem(done ? done.refusal.message : t('unreachable'));
      return;
    }
    onClose();
    onPaused();
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent width={480} title={t('pauseAllTitle')} sentence={t('pauseAllSentence')}>
        <form onSubmit={(event) => void submit(event)} className="contents" noValidate>
          <DialogBody>
            <Field label={t('reason')} explanation={t('reasonHint')} error={problem ?? undefined}>
              <Input
                value={reason}
                onChange={(event) => {
                  setReason(event.target.value);
                  setProblem(null);
                }}
                maxLength={500}
                required
                autoComplete="off"
                autoFocus
              />
            </Field>
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{words('cancel')}</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              {t('pauseAllDo')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
