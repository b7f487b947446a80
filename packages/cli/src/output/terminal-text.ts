import { stripVTControlCharacters } from 'node:util'

/** Control characters, and the marks that turn the direction of text: both can make a line lie. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it removes
const DECEPTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Text from elsewhere as it may be put on a terminal: without escape sequences and other characters that steer it. */
export const terminalSafe = (text: string): string => stripVTControlCharacters(text).replace(DECEPTIVE, '')

/** As `terminalSafe`, on one line. */
export const terminalSafeLine = (text: string): string => terminalSafe(text.replace(/[\t\n\r]+/g, ' '))

/** A cell of tab-separated values: one line, no tab. */
export const tsvCell = (text: string): string => text.replace(/[\t\n\r]+/g, ' ')

/**
 * JSON for a terminal or a pipe. JSON escapes the characters below U+0020 by itself; the other steering characters
 * are escaped here, which does not change what the JSON says.
 */
export const jsonText = (value: unknown, indent: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
