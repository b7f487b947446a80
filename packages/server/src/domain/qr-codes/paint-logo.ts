import type { Color } from './color'
import type { Logo } from './read-logo'

/** Pixels as red, green, blue, alpha. */
interface Canvas {
  readonly pixels: Uint8Array
  readonly width: number
}

/** In pixels of the canvas. */
interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** Of the logo's square, on each side: so that the modules around it stay apart from it. */
const PADDING_SHARE = 1 / 14

/** The mean of the logo's pixels under one pixel of the canvas, on the background. */
const blend = (
  { pixels, width, height }: Logo,
  background: Color,
  from: { readonly x: number; readonly y: number },
  step: number,
): Color => {
  const [left, top] = [Math.floor(from.x), Math.floor(from.y)]
  const right = Math.min(width, Math.max(left + 1, Math.floor(from.x + step)))
  const bottom = Math.min(height, Math.max(top + 1, Math.floor(from.y + step)))
  const sums: [number, number, number] = [0, 0, 0]
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 4
      const alpha = (pixels[at + 3] ?? 0) / 255
      for (const channel of [0, 1, 2] as const)
        sums[channel] += (pixels[at + channel] ?? 0) * alpha + background[channel] * (1 - alpha)
    }
  }
  const count = (right - left) * (bottom - top)
  return [sums[0] / count, sums[1] / count, sums[2] / count]
}

/** Clears a square of the canvas and paints the logo into the middle of it, as large as fits. */
export const paintLogo = (
  { pixels, width }: Canvas,
  { x, y, side }: Square,
  logo: Logo,
  background: Color,
): void => {
  const room = side * (1 - 2 * PADDING_SHARE)
  const step = Math.max(logo.width, logo.height) / room
  const [logoWidth, logoHeight] = [logo.width / step, logo.height / step].map(Math.floor) as [number, number]
  const [left, top] = [(side - logoWidth) / 2, (side - logoHeight) / 2].map(Math.floor) as [number, number]
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [logoX, logoY] = [column - left, row - top]
      const isInside = logoX >= 0 && logoX < logoWidth && logoY >= 0 && logoY < logoHeight
      const from = { x: logoX * step, y: logoY * step }
      const color = isInside ? blend(logo, background, from, step) : background
      pixels.set([...color, 255], ((y + row) * width + x + column) * 4)
    }
  }
}
