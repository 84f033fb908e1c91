export { JobDefinitionSkeleton as default } from '#components/jobs/job-definition.tsx';
