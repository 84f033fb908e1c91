export const QUEUE = 'no-op';
