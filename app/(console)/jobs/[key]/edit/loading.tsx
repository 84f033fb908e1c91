export { EditorSkeleton as default } from '#components/jobs/job-skeletons.tsx';
