/** Where the code is asked for that follows the password; `target` is where the person wants to go. */
export function codeStep(target: string): string {
  return target === '/' ? '/sign-in/code' : `/sign-in/code?next=${encodeURIComponent(target)}`;
}
