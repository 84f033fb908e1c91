'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { blackoutChoices } from './blackout-queries.ts';
import type { TypedBlackout } from './typed-blackout.ts';

type Part = {
  typed: TypedBlackout;
  onChange: (changes: Partial<TypedBlackout>) => void;
  problem: string | undefined;
};

/** Whom it hits: everything, queues, what carries labels, or jobs by name. */
export function ScopeFields({ typed, onChange, problem }: Part) {
  const t = useTranslations('blackouts');
  const { data: choices } = useQuery({ ...blackoutChoices, enabled: typed.scope !== 'all' });
  const isLoading = choices === undefined;
  return (
    <>
      <Field
        layout="side"
        group
        label={t('hits')}
        error={typed.scope === 'all' ? problem : undefined}
      >
        <RadioGroup
          options={[
            { value: 'jobs', label: t('scope.jobs') },
            { value: 'queues', label: t('scope.queues') },
            { value: 'labels', label: t('scope.labels') },
            { value: 'all', label: t('scope.all') },
          ]}
          value={typed.scope}
          onValueChange={(scope) => onChange({ scope })}
        />
      </Field>
      {typed.scope === 'queues' && (
        <Field layout="side" group label={t('scope.queues')} error={problem}>
          <div className="flex flex-wrap gap-x-5">
            {(choices?.queues ?? typed.queues).map((queue) => (
              <CheckboxLine
                key={queue}
                label={queue}
                checked={typed.queues.includes(queue)}
                aria-invalid={problem !== undefined}
                onCheckedChange={(isChecked) =>
                  onChange({
                    queues: isChecked
                      ? [...typed.queues, queue]
                      : typed.queues.filter((other) => other !== queue),
                  })
                }
              />
            ))}
          </div>
        </Field>
      )}
      {typed.scope === 'labels' && (
        <Field
          layout="side"
          label={t('scope.labels')}
          explanation={t('labelsHint')}
          error={problem}
        >
          <div className="min-w-0">
            <Chosen
              names={typed.labels}
              onRemove={(label) =>
                onChange({ labels: typed.labels.filter((other) => other !== label) })
              }
            />
            <Combobox
              options={(choices?.labels ?? []).map(({ name, value }) => ({
                value: `${name}=${value}`,
                label: `${name}=${value}`,
              }))}
              value={t('addLabel')}
              onValueChange={(label) => {
                // Another value of the same label takes the place of the first: no job has both.
                const name = label.slice(0, label.indexOf('=') + 1);
                const others = typed.labels.filter((other) => !other.startsWith(name));
                onChange({ labels: [...others, label] });
              }}
              searchPlaceholder={t('labelSearch')}
              isLoading={isLoading}
            />
          </div>
        </Field>
      )}
      {typed.scope === 'jobs' && (
        <Field layout="side" label={t('scope.jobs')} error={problem}>
          <div className="min-w-0">
            <Chosen
              mono
              names={typed.jobs.map(({ key }) => key)}
              onRemove={(key) => onChange({ jobs: typed.jobs.filter((job) => job.key !== key) })}
            />
            <Combobox
              options={(choices?.jobs ?? [])
                .filter(({ id }) => !typed.jobs.some((job) => job.id === id))
                .map(({ key }) => ({ value: key, label: key }))}
              value={t('addJob')}
              onValueChange={(key) => {
                const job = choices?.jobs.find((one) => one.key === key);
                if (job) onChange({ jobs: [...typed.jobs, job] });
              }}
              searchPlaceholder={t('jobSearch')}
              isLoading={isLoading}
            />
          </div>
        </Field>
      )}
    </>
  );
}

function Chosen({
  names,
  onRemove,
  mono = false,
}: {
  names: readonly string[];
  onRemove: (name: string) => void;
  mono?: boolean;
}) {
  const t = useTranslations('blackouts');
  if (names.length === 0) return null;
  return (
    <ul className="mb-1.5 flex flex-wrap gap-1.5">
      {names.map((name) => (
        <li
          key={name}
          className={`flex min-w-0 items-center gap-1 rounded-mark bg-hover pl-2 text-table ${mono ? 'font-mono' : ''}`}
        >
          <span className="truncate">{name}</span>
          <IconButton label={t('takeOut', { name })} size="small" onClick={() => onRemove(name)}>
            <X aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
