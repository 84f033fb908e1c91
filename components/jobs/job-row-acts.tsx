'use client';

import { Pause, Pencil, Play, StepForward } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { holds } from '#core/auth/right.ts';
import type { JobSummary } from '#core/jobs/job-summary.ts';
import { IconButton } from '#components/ui/button.tsx';
import type { JobListRights, RowPermission } from './job-list-view.ts';
import type { JobListActs } from './use-job-list-acts.ts';

/**
 * What one does with a job without opening it: under the pointer, and in the row where the keys stand. They are out of
 * the order of Tab, since t, p and e do the same and a hundred rows would make three hundred stops.
 */
export function JobRowActs({
  job,
  acts,
  rights,
}: {
  job: JobSummary;
  acts: JobListActs;
  rights: JobListRights;
}) {
  const t = useTranslations('jobs');
  return (
    <span className="absolute inset-y-0 right-0 hidden items-center bg-hover pr-2 pl-2 group-focus-within/row:flex group-hover/row:flex group-data-cursor/row:flex phone:hidden!">
      <RowAct
        label={t('trigger', { key: job.key })}
        permission="job:trigger"
        isAllowed={holds(rights.trigger, job.labels)}
        onAct={() => acts.trigger([job])}
      >
        <Play aria-hidden />
      </RowAct>
      <RowAct
        label={t(job.paused ? 'resume' : 'pause', { key: job.key })}
        permission="job:pause"
        isAllowed={holds(rights.pause, job.labels)}
        onAct={() => acts.toggle(job)}
      >
        {job.paused ? <StepForward aria-hidden /> : <Pause aria-hidden />}
      </RowAct>
      <RowAct
        label={t('edit', { key: job.key })}
        permission="job:write"
        isAllowed={holds(rights.edit, job.labels)}
        onAct={() => acts.edit(job)}
      >
        <Pencil aria-hidden />
      </RowAct>
    </span>
  );
}

function RowAct({
  label,
  permission,
  isAllowed,
  onAct,
  children,
}: {
  label: string;
  permission: RowPermission;
  isAllowed: boolean;
  onAct: () => Promise<unknown> | void;
  children: ReactNode;
}) {
  const who = useTranslations('whoMay');
  const [isPending, setIsPending] = useState(false);
  const act = async () => {
    setIsPending(true);
    await onAct();
    setIsPending(false);
  };
  return (
    <IconButton
      size="small"
      tabIndex={-1}
      label={label}
      title={isAllowed ? label : who(permission)}
      pending={isPending}
      disabled={!isAllowed}
      onClick={() => void act()}
      className="[&_svg]:text-ink-2"
    >
      {children}
    </IconButton>
  );
}
