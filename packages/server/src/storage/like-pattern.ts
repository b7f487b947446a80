/** Patterns look at no more of a text, from its beginning: a long one would hold up everybody else. */
export const MAX_MATCHED_CHARACTERS = 10_000

/** A part of a pattern: a character as it is, any one, or any number of any. */
export type PatternPart = { readonly literal: string } | 'one' | 'many'

/**
 * Reads a pattern of `like`: `%` stands for any number of characters, `_` for one, and `\` takes the next one as it is.
 * @returns undefined if it ends in a `\` that takes nothing
 */
export const readLikePattern = (pattern: string): PatternPart[] | undefined => {
  const parts: PatternPart[] = []
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === '%') parts.push('many')
    else if (character === '_') parts.push('one')
    else if (character !== '\\') parts.push({ literal: character })
    else {
      at++
      const escaped = characters[at]
      if (escaped === undefined) return undefined
      parts.push({ literal: escaped })
    }
  }
  return parts
}

const write = (
  parts: readonly PatternPart[],
  words: Readonly<Record<'one' | 'many', string>>,
  quote: (literal: string) => string,
): string => parts.map(part => (typeof part === 'string' ? words[part] : quote(part.literal))).join('')

/** For `like … escape '\'`. */
export const writeLikePattern = (parts: readonly PatternPart[]): string =>
  write(parts, { one: '_', many: '%' }, literal => literal.replace(/[\\%_]/, '\\$&'))

/** For SQLite's `glob`, which heeds case where its `like` does not. */
export const writeGlobPattern = (parts: readonly PatternPart[]): string =>
  write(parts, { one: '?', many: '*' }, literal => literal.replace(/[*?[]/, '[$&]'))
