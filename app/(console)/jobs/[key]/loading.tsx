export { JobPageSkeleton as default } from '#components/jobs/job-skeletons.tsx';
