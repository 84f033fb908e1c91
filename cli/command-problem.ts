/** What a person can mend; the message says what and how, is shown without a stack, and the command ends with 2. */
export class CommandProblem extends Error {
  override name = 'CommandProblem';
}
