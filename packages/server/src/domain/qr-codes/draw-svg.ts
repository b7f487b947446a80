import type { Color } from './color'
import type { Layout } from './lay-out'

const paint = (color: Color): string => `rgb(${color.join(',')})`

/** Each run of dark modules in a row as one rectangle. */
const pathOf = ({ modules, margin, isDark }: Layout): string => {
  let path = ''
  for (let row = 0; row < modules; row++) {
    for (let column = 0; column < modules; column++) {
      if (!isDark(row, column)) continue
      const start = column
      while (column < modules && isDark(row, column)) column++
      path += `M${start + margin} ${row + margin}h${column - start}v1h-${column - start}z`
    }
  }
  return path
}

const logoOf = ({ logo, margin, background }: Layout): string => {
  if (!logo) return ''
  const [at, side] = [logo.start + margin, logo.modules]
  return (
    `<path fill="${paint(background)}" d="M${at} ${at}h${side}v${side}h-${side}z"/>` +
    `<image x="${at + 0.5}" y="${at + 0.5}" width="${side - 1}" height="${side - 1}" href="${logo.image.dataUrl}"/>`
  )
}

/** An SVG image. All in it that somebody chose are two colours and the pixels of the logo. */
export const drawSvg = (layout: Layout): Uint8Array => {
  const { modules, margin, size, foreground, background } = layout
  const side = modules + 2 * margin
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="${paint(background)}" d="M0 0h${side}v${side}h-${side}z"/>` +
    `<path fill="${paint(foreground)}" d="${pathOf(layout)}"/>` +
    `${logoOf(layout)}</svg>\n`
  return Buffer.from(svg)
}
