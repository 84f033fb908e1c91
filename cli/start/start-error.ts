/** Something that a person can mend; the message says what and how, and is shown without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}
