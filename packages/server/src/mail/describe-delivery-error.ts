const LONGEST = 300

/**
 * What went wrong, short enough for a database column. Mail servers repeat what they refuse, so links and all that is
 * as long as a token are left out.
 */
export const describeDeliveryError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/\w+:\/\/\S+/g, '[link]')
    .replace(/[\w+/=-]{20,}/g, '[...]')
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST)
