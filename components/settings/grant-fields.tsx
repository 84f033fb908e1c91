'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, IconButton } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import {
  EXTRA_PERMISSIONS,
  mayHold,
  type Role,
  ROLES,
  ruleOf,
} from '#core/auth/permission-table.ts';
import type { Refusal } from '#core/outcome.ts';
import { GrantLabel } from './grant-label.tsx';

type Props = {
  grants: readonly Grant[];
  onChange: (grants: Grant[]) => void;
  /** Whose fields begin with `grants` are shown where they belong. */
  refusal: Refusal | null;
};

/** The roles of one person: for everything, for labels, and what each allows beside. */
export function GrantFields({ grants, onChange, refusal }: Props) {
  const t = useTranslations('settings.grants');
  // A grant is known by nothing that can't be changed: each has a number for as long as it stands here.
  const [keys, setKeys] = useState(() => grants.map((_, place) => place));
  const isAdmin = grants.some(({ role }) => role === 'admin');
  const add = () => {
    setKeys([...keys, Math.max(...keys) + 1]);
    onChange([...grants, usualGrant('operator', { name: '', value: '' })]);
  };
  const remove = (place: number) => {
    setKeys(keys.toSpliced(place, 1));
    onChange(grants.toSpliced(place, 1));
  };
  return (
    <div className="grid gap-3">
      {grants.map((grant, place) => (
        <GrantField
          key={keys[place]}
          grant={grant}
          place={place + 1}
          isOnly={grants.length === 1}
          onChange={(changed) => onChange(grants.with(place, changed))}
          onRemove={() => remove(place)}
          problems={problemsOf(refusal, place)}
        />
      ))}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-meta text-ink-3">
        <Button
          size="small"
          variant="quiet"
          icon={<Plus aria-hidden />}
          disabled={isAdmin}
          title={isAdmin ? t('adminHasAll') : undefined}
          onClick={add}
        >
          {t('add')}
        </Button>
        {grants.length > 1 && t('addUp')}
      </p>
    </div>
  );
}

type Problems = Partial<Record<'label' | 'extra' | 'whole', string>>;

function problemsOf(refusal: Refusal | null, place: number): Problems {
  const own = refusal?.fields?.filter(({ path }) => path[0] === 'grants' && path[1] === place);
  const at = (part: string) => own?.find(({ path }) => path[2] === part)?.message;
  const found = { label: at('label'), extra: at('extra'), whole: at('role') };
  return Object.fromEntries(Object.entries(found).filter(([, message]) => message !== undefined));
}

function GrantField({
  grant,
  place,
  isOnly,
  onChange,
  onRemove,
  problems,
}: {
  grant: Grant;
  place: number;
  isOnly: boolean;
  onChange: (grant: Grant) => void;
  onRemove: () => void;
  problems: Problems;
}) {
  const t = useTranslations('settings.grants');
  const roles = useTranslations('settings.role');
  const { role, label } = grant;
  const scope = label ? 'label' : 'everything';
  return (
    <section
      aria-label={t('place', { place })}
      className="grid gap-3 rounded-box border border-line-strong px-4 pt-3 pb-3"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented
          label={t('role')}
          value={role}
          onValueChange={(next) => onChange(usualGrant(next, next === 'admin' ? null : label))}
          options={ROLES.map((each) => ({ value: each, label: roles(each) }))}
        />
        {!isOnly && (
          <IconButton
            size="small"
            label={t('removeOf', {
              role: roles(role),
              where: label ? `${label.name}=${label.value}` : t('everything'),
            })}
            onClick={onRemove}
          >
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      {role !== 'admin' && (
        <Segmented
          label={t('where')}
          value={scope}
          onValueChange={(next) =>
            onChange({ ...grant, label: next === 'label' ? { name: '', value: '' } : null })
          }
          options={(['everything', 'label'] as const).map((each) => ({
            value: each,
            label: t(`for.${each}`),
          }))}
          className="justify-self-start"
        />
      )}
      {label && (
        <GrantLabel
          label={label}
          error={problems.label}
          onChange={(next) => onChange({ ...grant, label: next })}
        />
      )}
      <p className="text-table text-pretty text-ink-2">
        {t(`may.${role}.${role === 'admin' ? 'everything' : scope}` as MayKey)}
      </p>
      <Extras grant={grant} onChange={onChange} error={problems.extra ?? problems.whole} />
    </section>
  );
}

type MayKey = `may.${Exclude<Role, 'admin'>}.${'everything' | 'label'}` | 'may.admin.everything';

function Extras({
  grant,
  onChange,
  error,
}: {
  grant: Grant;
  onChange: (grant: Grant) => void;
  error: string | undefined;
}) {
  const t = useTranslations('settings.grants');
  const { role, extra } = grant;
  // What one may look at first, then what one may change.
  const held = EXTRA_PERMISSIONS.filter((each) => mayHold(role, each)).toSorted(
    (one, other) => ROLES.indexOf(ruleOf(one).from) - ROLES.indexOf(ruleOf(other).from),
  );
  if (held.length === 0) return null;
  const give = (name: (typeof held)[number], isGiven: boolean) =>
    onChange({
      ...grant,
      extra: isGiven ? [...extra, name] : extra.filter((each) => each !== name),
    });
  return (
    <Field group label={t('extra')} error={error} className="border-t border-line pt-3">
      {held.map((name) => (
        <CheckboxLine
          key={name}
          label={t(`extras.${name}`)}
          hint={name === 'job:write_when' ? t(`whenHint.${role}` as WhenKey) : t(`hints.${name}`)}
          checked={extra.includes(name)}
          onCheckedChange={(isGiven) => give(name, isGiven)}
        />
      ))}
    </Field>
  );
}

type WhenKey = 'whenHint.operator' | 'whenHint.editor';
