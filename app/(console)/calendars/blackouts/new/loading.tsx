export { CalendarFormSkeleton as default } from '#components/calendars/calendar-skeletons.tsx';
