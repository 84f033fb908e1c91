export { JobTabSkeleton as default } from '#components/jobs/job-skeletons.tsx';
