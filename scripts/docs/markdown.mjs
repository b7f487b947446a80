/** The first lines of a generated page. */
export const pageHead = (title, source) =>
  `# ${title}\n\n<!-- Generated from ${source} by scripts/generate-docs.mjs. Edit that, then run \`npm run docs\`. -->`

/** @param {string} text inline code, whatever is in it */
export const code = text => {
  const fence = text.includes('`') ? '``' : '`'
  return `${fence}${text}${fence}`
}

/** Outside of inline code `<` would begin a tag, and everywhere `|` would end the cell. */
const cell = text =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')

/**
 * A table without the columns that are empty in every row. No rows: an empty text.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export const table = (head, rows) => {
  if (rows.length === 0) return ''
  const kept = head.map((_, column) => rows.some(row => row[column] !== ''))
  const line = cells =>
    `| ${cells
      .filter((_, column) => kept[column])
      .map(cell)
      .join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The anchor that a heading gets. */
export const anchor = heading =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

/** A text ending with a full stop. */
export const sentence = text => (/[.!?]$/.test(text) ? text : `${text}.`)

/** Parts with one blank line between them; empty ones are left out. */
export const paragraphs = (...parts) => parts.filter(part => part !== '' && part !== undefined).join('\n\n')
