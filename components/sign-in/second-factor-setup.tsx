'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Outcome, Refusal } from '#core/outcome.ts';
import type { SecondFactorKey } from '#core/users/own-second-factor.ts';
import { CodeField } from './code-field.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { textOf } from './text-of.ts';

export type SetUpActions = {
  begin: (input: { password: string }) => Promise<Outcome<SecondFactorKey>>;
  confirm: (input: { code: string }) => Promise<Outcome<{ recoveryCodes: string[] }>>;
};

type Props = {
  email: string;
  asksForPassword: boolean;
  /** Where it has begun already. */
  begun?: SecondFactorKey | null;
  actions: SetUpActions;
  /** It is on, and the recovery codes are kept. */
  onDone: () => void;
};

/** From nothing to a second factor: the password, the picture and its first code, the recovery codes. */
export function SecondFactorSetup({ email, asksForPassword, begun, actions, onDone }: Props) {
  const [key, setKey] = useState(begun ?? null);
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null);
  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} email={email} onKept={onDone} />;
  return key ? (
    <Confirm secret={key} confirm={actions.confirm} onConfirmed={setRecoveryCodes} />
  ) : (
    <Begin email={email} asksForPassword={asksForPassword} begin={actions.begin} onKey={setKey} />
  );
}

function Begin({
  email,
  asksForPassword,
  begin,
  onKey,
}: Pick<Props, 'email' | 'asksForPassword'> & {
  begin: SetUpActions['begin'];
  onKey: (key: SecondFactorKey) => void;
}) {
  const t = useTranslations('secondFactor');
  const { act, pending } = useAct<'begin'>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = textOf(new FormData(event.currentTarget), 'password');
    const key = await act('begin', () => begin({ password }), setRefusal);
    if (key) onKey(key);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid max-w-80 gap-4">
      <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
      {asksForPassword && (
        <Field label={t('password')} error={refusal?.fields ? refusal.message : undefined}>
          <Input
            name="password"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
          />
        </Field>
      )}
      {refusal && !(asksForPassword && refusal.fields) && <Problem message={refusal.message} />}
      <Button type="submit" variant="primary" pending={pending !== null} className="w-full">
        {t(asksForPassword ? 'begin' : 'setUp')}
      </Button>
    </form>
  );
}

function Confirm({
  secret,
  confirm,
  onConfirmed,
}: {
  secret: SecondFactorKey;
  confirm: SetUpActions['confirm'];
  onConfirmed: (recoveryCodes: string[]) => void;
}) {
  const t = useTranslations('secondFactor');
  const { act, pending } = useAct<'confirm'>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = textOf(new FormData(event.currentTarget), 'code');
    const confirmed = await act('confirm', () => confirm({ code }), setRefusal);
    if (confirmed) onConfirmed(confirmed.recoveryCodes);
  };
  const { path, size } = secret.picture;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid max-w-80 gap-4">
      <p className="text-table text-pretty text-ink-2">{t('scan')}</p>
      {/* Cameras read dark on light alone, so it looks the same in both themes. */}
      <svg
        role="img"
        aria-label={t('picture')}
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="size-52 rounded-box border border-line"
      >
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <div>
        <p className="flex items-center justify-between text-table">
          <span id="second-factor-key" className="text-ink-2">
            {t('key')}
          </span>
          <CopyButton text={secret.key.replaceAll(' ', '')} label={t('copyKey')} />
        </p>
        <p
          aria-labelledby="second-factor-key"
          className="mt-1 rounded-box bg-sunk px-3 py-2 font-mono text-meta break-words"
        >
          {secret.key}
        </p>
      </div>
      <CodeField
        explanation={t('confirmHint')}
        error={refusal?.fields ? refusal.message : undefined}
      />
      {refusal && !refusal.fields && <Problem message={refusal.message} />}
      <Button type="submit" variant="primary" pending={pending !== null} className="w-full">
        {t('confirm')}
      </Button>
    </form>
  );
}

function Problem({ message }: { message: string }) {
  return (
    <div role="alert">
      <Notice tone="fail">{message}</Notice>
    </div>
  );
}
