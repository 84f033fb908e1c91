'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { SecretView } from '#core/secrets/read-secrets.ts';
import type { SecretActions } from './secret-actions.ts';
import { secretList } from './secret-queries.ts';

/** Says whose runs it hits before it is deleted. */
export function RemoveSecretDialog({
  secret: { name, usedBy },
  remove,
  onClose,
}: {
  secret: SecretView;
  remove: SecretActions['remove'];
  onClose: () => void;
}) {
  const t = useTranslations('secrets.removal');
  const client = useQueryClient();
  const { act, pending } = useAct<'remove'>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const submit = async () => {
    const isDone = await act('remove', () => asDone(remove({ name })), setRefusal);
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: secretList.queryKey });
    notify(t('done', { name }));
    onClose();
  };
  return (
    <FormDialog
      title={t('title', { name })}
      sentence={usedBy.length === 0 ? t('unused') : t('used', { count: usedBy.length })}
      problem={refusal?.message}
      submit={t('submit')}
      isDanger
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {usedBy.length > 0 && (
        <ul className="max-h-48 overflow-y-auto text-table">
          {usedBy.map((key) => (
            <li key={key} className="py-0.5">
              <TextLink href={`/jobs/${key}`} className="font-mono break-all">
                {key}
              </TextLink>
            </li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}
