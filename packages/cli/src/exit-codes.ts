/** What the process answers to its caller. Published: numbers never change their meaning. */
export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  NOT_FOUND: 3,
  SIGN_IN_NEEDED: 4,
  FORBIDDEN: 5,
  REFUSED: 6,
  RATE_LIMITED: 7,
  ACTION_NEEDED: 8,
  UNREACHABLE: 9,
  SERVER_FAULT: 10,
  NO_KEYCHAIN: 11,
  BAD_CONFIG: 12,
  TAMPERED: 13,
  BUG: 70,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
