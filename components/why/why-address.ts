import type { WhyTarget } from '#core/why/cause.ts';

/** Where in the console a piece of evidence is found. */
export function addressOf(target: WhyTarget): string {
  switch (target.to) {
    case 'job':
    case 'job_ledger':
      return `/jobs/${target.key}`;
    case 'job_proposal':
      return `/jobs/${target.key}/proposal`;
    case 'job_edit':
      return `/jobs/${target.key}/edit`;
    case 'run':
      return `/runs/${target.id}`;
    case 'queues':
      return '/queues';
    case 'workers':
      return '/workers';
    case 'blackouts':
      return '/calendars/blackouts';
    case 'secrets':
      return '/settings/secrets';
    case 'installation':
      return '/settings/installation';
  }
}
