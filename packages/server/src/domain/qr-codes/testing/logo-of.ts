import { PNG } from 'pngjs'

/** A red image of this size, half of it see-through, as a data: URL. */
export const logoOf = (
  width: number,
  height: number,
  options: ConstructorParameters<typeof PNG>[0] = {},
): string => {
  const png = new PNG({ width, height })
  for (let at = 0; at < png.data.length; at += 4) png.data.set([220, 20, 60, at % 8 === 0 ? 255 : 128], at)
  return `data:image/png;base64,${PNG.sync.write(png, options).toString('base64')}`
}
