/** Milliseconds since 1970 as ISO-8601 in UTC with milliseconds and `Z`. */
export const toTimestamp = (ms: number): string => new Date(ms).toISOString()

export const toTimestampOrNull = (ms: number | null): string | null => (ms === null ? null : toTimestamp(ms))
