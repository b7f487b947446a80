import stringWidth from 'fast-string-width'

const GAP = '  '
/** A column is not made narrower than this. */
const MIN_WIDTH = 8

/** Takes from the widest of the columns that may be cut until the line fits. */
const fitWidths = (natural: readonly number[], cuttable: readonly boolean[], available: number): number[] => {
  const widths = [...natural]
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1))
  while (total() > available) {
    const widest = Math.max(0, ...widths.filter((_, column) => cuttable[column]))
    if (widest <= MIN_WIDTH) break
    widths[widths.findIndex((width, column) => cuttable[column] === true && width === widest)] = widest - 1
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
 * @param cuttable which columns may be cut
 * @param available columns of the terminal
 */
export const tableLines = (
  rows: readonly (readonly string[])[],
  cuttable: readonly boolean[],
  available: number,
): string[] => {
  const natural = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map(row => stringWidth(row[column] ?? ''))),
  )
  const widths = fitWidths(natural, cuttable, available)
  return rows.map(row =>
    row
      .map((cell, column) => pad(cut(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}
