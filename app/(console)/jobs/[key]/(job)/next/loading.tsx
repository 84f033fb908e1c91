export { JobNextTicksSkeleton as default } from '#components/jobs/job-next-ticks.tsx';
