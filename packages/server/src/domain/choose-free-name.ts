const MAX_TRIES = 8

/**
 * The wanted name, or the name with a short random number behind it if it is taken. Two callers may still choose the
 * same at once: the unique index then refuses one of them.
 */
export const chooseFreeName = async (
  wanted: string,
  isTaken: (name: string) => Promise<boolean>,
  randomBytes: (size: number) => Buffer,
  separator = '-',
): Promise<string> => {
  let candidate = wanted
  for (let tries = 0; tries < MAX_TRIES && (await isTaken(candidate)); tries++) {
    candidate = `${wanted}${separator}${1000 + (randomBytes(4).readUInt32BE() % 9_000_000)}`
  }
  return candidate
}
