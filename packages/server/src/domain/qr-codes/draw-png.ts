import type { PNG } from 'pngjs'
import type { Color } from './color'
import type { Layout } from './lay-out'
import { paintLogo } from './paint-logo'

/** Modules are whole pixels, so that they stay sharp; what is left over goes to the margin. */
const placeModules = ({ size, modules, margin }: Layout) => {
  const scale = Math.floor(size / (modules + 2 * margin))
  return { scale, start: Math.floor((size - modules * scale) / 2) }
}

const fill = (line: Uint8Array, from: number, count: number, [red, green, blue]: Color): void => {
  for (let at = from * 4; at < (from + count) * 4; at += 4) line.set([red, green, blue, 255], at)
}

const packed = (png: PNG): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    png.on('data', (chunk: Buffer) => chunks.push(chunk))
    png.on('end', () => resolve(Buffer.concat(chunks)))
    png.on('error', reject)
    png.pack()
  })

/** A PNG image of exactly `size` by `size` pixels. */
export const drawPng = async (layout: Layout): Promise<Uint8Array> => {
  const { size, modules, foreground, background, isDark, logo } = layout
  const { scale, start } = placeModules(layout)
  const { PNG: Png } = await import('pngjs')
  const png = new Png({ width: size, height: size, filterType: 0, deflateLevel: 6, deflateStrategy: 0 })
  const empty = Buffer.alloc(size * 4)
  fill(empty, 0, size, background)
  for (let y = 0; y < size; y++) png.data.set(empty, y * size * 4)
  for (let row = 0; row < modules; row++) {
    const line = Buffer.from(empty)
    for (let column = 0; column < modules; column++) {
      if (isDark(row, column)) fill(line, start + column * scale, scale, foreground)
    }
    for (let y = start + row * scale; y < start + (row + 1) * scale; y++) png.data.set(line, y * size * 4)
  }
  if (logo) {
    const square = {
      x: start + logo.start * scale,
      y: start + logo.start * scale,
      side: logo.modules * scale,
    }
    paintLogo({ pixels: png.data, width: size }, square, logo.image, background)
  }
  return packed(png)
}
