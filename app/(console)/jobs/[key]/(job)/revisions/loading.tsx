export { RevisionListSkeleton as default } from '#components/jobs/revision-list.tsx';
