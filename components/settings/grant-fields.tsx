'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { Button, IconButton } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { EXTRA_PERMISSIONS, type Grant, mayHold, usualGrant } from '#core/auth/grants.ts';
import { type Role, ROLES } from '#core/auth/permissions.ts';
import type { Refusal } from '#core/outcome.ts';

type Props = {
  grants: readonly Grant[];
  onChange: (grants: Grant[]) => void;
  /** Whose fields begin with `grants` are shown where they belong. */
  refusal: Refusal | null;
};

/** The roles of one person: for everything, for labels, and what each allows beside. */
export function GrantFields({ grants, onChange, refusal }: Props) {
  const t = useTranslations('settings.grants');
  const change = (place: number, grant: Grant) => onChange(grants.with(place, grant));
  return (
    <>
      {grants.map((grant, place) => (
        <GrantField
          // A grant is known by its place alone: all else of it can be changed.
          key={place}
          grant={grant}
          isOnly={grants.length === 1}
          onChange={(changed) => change(place, changed)}
          onRemove={() => onChange(grants.toSpliced(place, 1))}
          problems={problemsOf(refusal, place)}
        />
      ))}
      <Button
        size="small"
        variant="quiet"
        icon={<Plus aria-hidden />}
        onClick={() => onChange([...grants, usualGrant('operator', { name: '', value: '' })])}
      >
        {t('add')}
      </Button>
    </>
  );
}

type Problems = { label: string | undefined; extra: string | undefined };

function problemsOf(refusal: Refusal | null, place: number): Problems {
  const at = (part: string) =>
    refusal?.fields?.find(
      ({ path }) => path[0] === 'grants' && path[1] === place && path[2] === part,
    )?.message;
  return { label: at('label'), extra: at('extra') };
}

function GrantField({
  grant,
  isOnly,
  onChange,
  onRemove,
  problems,
}: {
  grant: Grant;
  isOnly: boolean;
  onChange: (grant: Grant) => void;
  onRemove: () => void;
  problems: Problems;
}) {
  const t = useTranslations('settings.grants');
  const roles = useTranslations('settings.role');
  const base = useId();
  const { role, label, extra } = grant;
  const choices = ROLES.filter((each) => each !== 'admin' || label === null);
  const held = EXTRA_PERMISSIONS.filter((each) => mayHold(role, each));
  const become = (next: Role) => onChange(usualGrant(next, label));
  const give = (name: (typeof held)[number], isGiven: boolean) =>
    onChange({
      ...grant,
      extra: isGiven ? [...extra, name] : extra.filter((each) => each !== name),
    });
  return (
    <div className="mb-4 rounded-box border border-line p-3">
      <div className="flex items-end gap-2">
        <Field label={t('role')} explanation={roles(`${role}Hint`)} className="grow">
          <Select
            value={role}
            onValueChange={become}
            options={choices.map((each) => ({ value: each, label: roles(each) }))}
          />
        </Field>
        {!isOnly && (
          <IconButton
            className="self-start"
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
      <Field label={t('where')} error={problems.label} group>
        <div className="flex flex-wrap items-center gap-2">
          <Select
            id={`${base}-where`}
            aria-label={t('where')}
            value={label ? 'label' : 'everything'}
            onValueChange={(where) =>
              onChange({ ...grant, label: where === 'label' ? { name: '', value: '' } : null })
            }
            options={[
              { value: 'everything', label: t('everything') },
              ...(role === 'admin' ? [] : [{ value: 'label', label: t('label') }]),
            ]}
            className="w-44"
          />
          {label && (
            <span className="flex min-w-0 grow items-center gap-1">
              <Input
                mono
                id={`${base}-name`}
                aria-label={t('labelName')}
                placeholder="team"
                value={label.name}
                onChange={({ target }) =>
                  onChange({ ...grant, label: { ...label, name: target.value } })
                }
              />
              =
              <Input
                mono
                id={`${base}-value`}
                aria-label={t('labelValue')}
                placeholder="billing"
                value={label.value}
                onChange={({ target }) =>
                  onChange({ ...grant, label: { ...label, value: target.value } })
                }
              />
            </span>
          )}
        </div>
      </Field>
      {held.length > 0 && (
        <Field group label={t('extra')} error={problems.extra}>
          {held.map((name) => (
            <CheckboxLine
              key={name}
              id={`${base}-${name}`}
              label={t(name)}
              checked={extra.includes(name)}
              onCheckedChange={(isGiven) => give(name, isGiven)}
            />
          ))}
        </Field>
      )}
    </div>
  );
}
