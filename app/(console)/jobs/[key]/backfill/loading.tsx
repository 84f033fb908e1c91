export { BackfillSkeleton as default } from '#components/backfill/backfill-skeleton.tsx';
