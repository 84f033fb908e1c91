import type { Finding } from './walk.ts';

/** A finding in one sentence, for terminals and exports; the console words it in its reader's language. */
export function wordsOfFinding(finding: Finding): string {
  switch (finding.kind) {
    case 'changed':
      return `Entry ${finding.entryId} (seal ${finding.seq}) was changed: it now says ${finding.action} of ${finding.subject}.`;
    case 'reordered':
      return `Entries ${finding.entryId} and ${finding.otherEntryId} (seals ${finding.seq} and ${finding.otherSeq}) changed places.`;
    case 'removed':
      return `Entry ${finding.entryId} (seal ${finding.seq}) was removed.`;
    case 'seals_removed':
      return `${placesOf(finding)} removed from the middle of the chain, with or without ${isOne(finding) ? 'its entry' : 'their entries'}.`;
    case 'unlinked':
      return (
        `Seal ${finding.seq} (entry ${finding.entryId}) doesn’t follow from the one before it: ` +
        'one of the two was made anew, after a change or because something between was removed.'
      );
    case 'tail_removed':
      return `${placesOf(finding)} cut off: the newest that there ${isOne(finding) ? 'was is' : 'were are'} missing.`;
    case 'head_changed':
      return `The head isn’t what the newest seal (${finding.seq}) says: the head or that seal was changed.`;
    case 'inserted':
      return `Entry ${finding.entryId} has no seal and doesn’t wait for one: it was put in by hand.`;
    case 'not_the_kept_one':
      return `The head that was kept, seal ${finding.seq}, isn’t part of this chain: it was cut off or made anew since.`;
  }
}

type Places = { fromSeq: number; toSeq: number };
const isOne = ({ fromSeq, toSeq }: Places) => fromSeq === toSeq;
const placesOf = (places: Places) =>
  isOne(places) ? `Seal ${places.fromSeq} was` : `Seals ${places.fromSeq} to ${places.toSeq} were`;
