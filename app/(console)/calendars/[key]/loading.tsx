export { CalendarSkeleton as default } from '#components/calendars/calendar-skeletons.tsx';
