/**
 * Whether a run of a job falls to the revision on trial: always the same answer for the same run, so that planning twice
 * changes nothing, and runs of both revisions lie mixed. Over many runs it is as close to the share as chance is.
 * @param of what tells runs of the job apart: a tick in ms, or the number of a request
 * @param share of 100
 */
export function isOnTrial(jobId: number, of: number, share: number): boolean {
  return hashOf(`${jobId}:${of}`) % 100 < share;
}

/** FNV-1a, then mixed (the finalizer of MurmurHash3): ticks that differ in one digit lie far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
