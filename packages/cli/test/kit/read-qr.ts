import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const SERVER_PACKAGE = fileURLToPath(new URL('../../../server/package.json', import.meta.url))

/** What a scanner reads from the PNG image of a QR code, by libraries of the server: we have none. */
export const readQr = (image: Buffer): string | undefined => {
  const require = createRequire(SERVER_PACKAGE)
  const { data, width, height } = require('pngjs').PNG.sync.read(image)
  return require('jsqr')(new Uint8ClampedArray(data), width, height)?.data
}
