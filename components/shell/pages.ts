import {
  BookCheck,
  CalendarDays,
  ChartColumnIncreasing,
  HeartPulse,
  History,
  Layers,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Server,
  Settings,
} from 'lucide-react';

export type PageName =
  | 'overview'
  | 'jobs'
  | 'runs'
  | 'ledger'
  | 'forecast'
  | 'queues'
  | 'calendars'
  | 'workers'
  | 'health'
  | 'settings';

export type ConsolePage = {
  name: PageName;
  href: string;
  icon: LucideIcon;
  /** The second key of `g …`. */
  key: string;
};

/** The pages of the rail, in its order; settings stand apart below. */
export const consolePages: readonly ConsolePage[] = [
  { name: 'overview', href: '/', icon: LayoutDashboard, key: 'o' },
  { name: 'jobs', href: '/jobs', icon: ListChecks, key: 'j' },
  { name: 'runs', href: '/runs', icon: History, key: 'r' },
  { name: 'ledger', href: '/ledger', icon: BookCheck, key: 'l' },
  { name: 'forecast', href: '/forecast', icon: ChartColumnIncreasing, key: 'f' },
  { name: 'queues', href: '/queues', icon: Layers, key: 'q' },
  { name: 'calendars', href: '/calendars', icon: CalendarDays, key: 'c' },
  { name: 'workers', href: '/workers', icon: Server, key: 'w' },
  { name: 'health', href: '/health', icon: HeartPulse, key: 'h' },
  { name: 'settings', href: '/settings', icon: Settings, key: 's' },
];

/** The page of the rail that an address belongs to. */
export function pageAt(path: string): ConsolePage | undefined {
  return consolePages.find(
    (page) => path === page.href || (page.href !== '/' && path.startsWith(`${page.href}/`)),
  );
}
