/**
 * How a worker's Node treats memory (decision 41): left to itself it lets garbage grow to several times what the worker
 * needs. Who starts a worker says it: the flags can't be set later.
 */
export const WORKER_FLAGS = [
  '--max-semi-space-size=4',
  '--initial-old-space-size=32',
  '--heap-growing-percent=50',
];
