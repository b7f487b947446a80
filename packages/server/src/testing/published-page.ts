import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../../../shared/seeds/', import.meta.url))

/** A published page that the contract comes from; its examples must work word for word. */
export interface PublishedPage {
  readonly name: string
  readonly text: string
}

/**
 * The published pages whose file names begin with one of `numbers`. They lie beside the project, not in it: where they
 * are missing this says so, and fails if all parts are required (`SNOOP_REQUIRE_ALL_PARTS=1`).
 */
export const findPublishedPages = (...numbers: readonly string[]): PublishedPage[] => {
  if (!existsSync(FOLDER)) {
    if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error('The published pages are missing')
    process.stderr.write('\nLEFT OUT: the published pages are not here, their examples are not run.\n\n')
    return []
  }
  return readdirSync(FOLDER)
    .filter(file => numbers.some(number => file.startsWith(`${number}_`)))
    .sort()
    .map(name => ({ name, text: readFileSync(FOLDER + name, 'utf8') }))
}

/**
 * The curl commands of a page, word for word, in their order. Some pages have lost the line breaks between samples, so
 * a command also ends where a closing quote is followed by more text.
 */
export const curlCommands = ({ text }: PublishedPage): string[] =>
  [...text.matchAll(/^curl (?:-X|"?https?:)/gm)].map(({ index }) => {
    let quote = ''
    for (let at = index; at < text.length; at++) {
      const letter = text[at] ?? ''
      if (quote) {
        if (letter !== quote) continue
        quote = ''
        if (!/[\s\\]/.test(text[at + 1] ?? ' ')) return text.slice(index, at + 1)
      } else if (letter === '"' || letter === "'") quote = letter
      else if (letter === '\n' && text[at - 1] !== '\\') return text.slice(index, at)
    }
    return text.slice(index)
  })

/** The JSON answers that a page shows, in their order. */
export const shownAnswers = ({ text }: PublishedPage): Record<string, unknown>[] =>
  [...text.matchAll(/^\{\n"success"[\s\S]*?\n\}\n\}/gm)].map(([json]) => JSON.parse(json))
