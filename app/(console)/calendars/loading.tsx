export { CalendarListSkeleton as default } from '#components/calendars/calendar-skeletons.tsx';
