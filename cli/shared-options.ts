/** `.option(...AS)`: whoever runs a command may act as an account. */
export const AS = ['--as <email>', 'act as this account instead of as the machine’s user'] as const;

/** For an option that may be given several times, with `[]` as what it is without. */
export const collected = (value: string, earlier: string[]) => [...earlier, value];
