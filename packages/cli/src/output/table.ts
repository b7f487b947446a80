import stringWidth from 'fast-string-width'

const GAP = '  '
/** A column is not made narrower than this. */
const MIN_WIDTH = 8

/** Takes from the widest column until the line fits. */
const fitWidths = (natural: readonly number[], available: number): number[] => {
  const widths = [...natural]
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1))
  while (total() > available) {
    const widest = Math.max(...widths)
    if (widest <= MIN_WIDTH) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

const cut = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/**
 * Lines of aligned columns without borders, the first row being the head. Cells that do not fit end in `…`.
 * @param available columns of the terminal
 */
export const tableLines = (rows: readonly (readonly string[])[], available: number): string[] => {
  const natural = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map(row => stringWidth(row[column] ?? ''))),
  )
  const widths = fitWidths(natural, available)
  return rows.map(row =>
    row
      .map((cell, column) => pad(cut(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}
