export { EditorSkeleton as default } from '#components/jobs/editor-page.tsx';
