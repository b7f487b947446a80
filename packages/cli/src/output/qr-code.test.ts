import { create } from 'qrcode'
import { expect, test } from 'vitest'
import { createQrCode, drawQrCode, qrWidth } from './qr-code'

const URI =
  'otpauth://totp/auth.example.com:ada%40example.com?issuer=auth.example.com&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30'

const HALVES: Readonly<Record<string, readonly [number, number]>> = {
  '█': [1, 1],
  '▀': [1, 0],
  '▄': [0, 1],
  ' ': [0, 0],
}

const START = '\u001b[38;5;16;48;5;231m'
const END = '\u001b[0m'

/** What a camera would see: rows of squares, 1 for dark. */
const squaresOf = (lines: readonly string[]): number[][] =>
  lines.flatMap(line => {
    expect(line.startsWith(START) && line.endsWith(END)).toBe(true)
    const drawn = line.slice(START.length, -END.length)
    const pairs = [...drawn].map(character => HALVES[character]!)
    return [pairs.map(([upper]) => upper), pairs.map(([, lower]) => lower)]
  })

test.each([URI, `${URI}&more=${'x'.repeat(60)}`, 'short'])(
  'what is drawn is the code, in a light frame on every side',
  async text => {
    const qr = await createQrCode(text)
    const seen = squaresOf(drawQrCode(qr))
    const { size, data } = create(text, { errorCorrectionLevel: 'L' }).modules
    expect(qrWidth(qr)).toBe(size + 4)
    expect(seen.every(row => row.length === size + 4)).toBe(true)
    const inner = seen.slice(2, size + 2).map(row => row.slice(2, size + 2))
    expect(inner.flat()).toEqual([...data].map(Number))
    const dark = (rows: readonly number[][]) => rows.flat().reduce((sum, square) => sum + square, 0)
    expect(dark(seen)).toBe(dark(inner))
    expect(seen.length).toBeGreaterThanOrEqual(size + 4)
  },
)

test('that of an authenticator fits into 80 columns', async () => {
  expect(qrWidth(await createQrCode(URI))).toBeLessThan(60)
})
