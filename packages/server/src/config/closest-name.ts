/** How many letters must be changed, added or left out to turn one word into the other (Levenshtein). */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [fromIndex, letter] of [...from].entries()) {
    const next = [fromIndex + 1]
    for (let index = 1; index <= to.length; index++) {
      const replaced = (row[index - 1] ?? 0) + (letter === to[index - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The name that was probably meant; undefined if none is near. Case, dashes and underscores do not count. */
export const closestName = (name: string, known: readonly string[]): string | undefined => {
  const written = plain(name)
  const [nearest] = known
    .map(candidate => ({ candidate, distance: editDistance(written, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest && nearest.distance <= Math.ceil(written.length / 3) ? nearest.candidate : undefined
}

/** ` (did you mean X?)`, or nothing. */
export const suggestName = (name: string, known: readonly string[]): string => {
  const closest = closestName(name, known)
  return closest === undefined ? '' : ` (did you mean ${closest}?)`
}
