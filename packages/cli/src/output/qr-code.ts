/** The squares of a QR code: dark or light, in rows from the top. */
export interface QrModules {
  readonly size: number
  isDark(row: number, column: number): boolean
}

/** Light squares around: ISO 18004 wants four, readers make do with one, and 24 lines of a terminal are soon full. */
const QUIET = 2

/**
 * Black on white whatever the terminal's own colours are, and by number: names such as `white` are what a theme makes
 * of them. This is no decoration, so NO_COLOR does not count.
 */
const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m'
const RESET = '\u001b[0m'

/** Two rows in a line of text: a character is about twice as high as wide. First the upper one, dark or not. */
const HALVES = { true: { true: '█', false: '▀' }, false: { true: '▄', false: ' ' } } as const

/** The QR code of a text, with as little redundancy as there is: a screen has no scratches, but little room. */
export const createQrCode = async (text: string): Promise<QrModules> => {
  // Not by name: bundled as a chunk of its own, a CommonJS module has a default export alone.
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'L' })
  return { size: modules.size, isDark: (row, column) => modules.get(row, column) === 1 }
}

/** How many columns of a terminal it takes. */
export const qrWidth = ({ size }: QrModules): number => size + 2 * QUIET

/** The lines of a terminal that show the code. */
export const drawQrCode = (qr: QrModules): string[] => {
  const { size } = qr
  const isDark = (row: number, column: number): boolean =>
    row >= 0 && row < size && column >= 0 && column < size && qr.isDark(row, column)
  const width = qrWidth(qr)
  const draw = (row: number, column: number): string =>
    HALVES[`${isDark(row, column)}`][`${isDark(row + 1, column)}`]
  return Array.from({ length: Math.ceil(width / 2) }, (_, line) => {
    const row = 2 * line - QUIET
    const squares = Array.from({ length: width }, (_square, column) => draw(row, column - QUIET))
    return `${BLACK_ON_WHITE}${squares.join('')}${RESET}`
  })
}
