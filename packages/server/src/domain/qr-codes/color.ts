/** Red, green, blue, each 0 to 255. */
export type Color = readonly [number, number, number]

/** @param text `#RRGGBB`, as the contract has it */
export const readColor = (text: string): Color => {
  const value = Number.parseInt(text.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/** Relative luminance (WCAG 2.2): 0 of black to 1 of white. */
const luminance = (color: Color): number => {
  const [red = 0, green = 0, blue = 0] = color.map(channel => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio (WCAG 2.2): 1 of equal colours to 21 of black and white. */
export const contrastOf = (a: Color, b: Color): number => {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}
