import { KEY_FORMATS, type KeyFormat, type Surface } from '@snoop/sdk'
import type { UsedCredential } from './explain-api-failure'

/** A call of each surface that changes nothing. */
const FIRST_CALL: Readonly<Record<Surface, string>> = {
  native: 'user.me',
  snipy: 'snipy.listUrls',
  snaptrack: 'snaptrack.test',
  snaapi: 'snaapi.listResources',
}

const TAKES: Readonly<Record<Surface, string>> = {
  native: 'a key of the format ba, or a session',
  snipy: 'keys of the formats snpy and ba, no session',
  snaptrack: 'keys of the format snt alone',
  snaapi: 'keys of the formats sna and ba, and a session',
}

const formatOf = (surface: Surface): KeyFormat => {
  const formats = Object.keys(KEY_FORMATS) as KeyFormat[]
  return formats.find(format => KEY_FORMATS[format].surface === surface) ?? 'ba'
}

/** How a key in a file is used first. @param file as it is written on a command line */
export const firstCall = (surface: Surface, file: string): string =>
  `SNOOP_API_KEY_FILE=${file} snoop api ${FIRST_CALL[surface]}`

/** What to do where a surface did not take the credential. */
export const rejectedOnSurface = (surface: Surface, used: UsedCredential): string => {
  const file = `${surface}.key`
  const make = `snoop keys create --format ${formatOf(surface)} --out ${file}`
  const takes = `The surface ${surface} takes ${TAKES[surface]}.`
  if (used === 'environment') {
    return `${takes} Check what SNOOP_API_KEY or SNOOP_API_KEY_FILE gives.\nFor another key unset the variable, then:  ${make}`
  }
  // A stored one is refused there for another reason than its kind: it has ended.
  if (surface === 'snaapi') return `${takes} Sign in:  snoop login\nOr make a key:  ${make}`
  return `${takes} Make one:  ${make}\nThen:  ${firstCall(surface, file)}`
}
