/** Unix time in whole seconds, not before the moment. @param ms milliseconds since 1970 */
export const toUnixSeconds = (ms: number): number => Math.ceil(ms / 1000)
