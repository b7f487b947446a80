import { existsSync } from 'node:fs'

const PROGRAM = '/usr/bin/chromium'

/**
 * The browser of Debian's package chromium.
 * @returns undefined where it is missing, which is said aloud
 * @throws Error if it is missing though all parts are required (`SNOOP_REQUIRE_ALL_PARTS=1`)
 */
export const findChromium = (): string | undefined => {
  if (existsSync(PROGRAM)) return PROGRAM
  const message = `BROWSER TESTS LEFT OUT: ${PROGRAM} is missing (apt-get install chromium)`
  if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error(message)
  process.stderr.write(`\n${message}\n`)
  return undefined
}
