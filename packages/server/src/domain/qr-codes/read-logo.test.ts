import { crc32, deflateSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { readLogo } from './read-logo'

const chunk = (type: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(type, 4, 'latin1')
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])))
  return Buffer.concat([head, data, sum])
}

/** @param colorType 6: red, green, blue, alpha */
const header = (width: number, height: number, colorType = 6): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, colorType, 0, 0, 0], 8)
  return chunk('IHDR', data)
}

const pixels = (width: number, height: number): Buffer =>
  chunk('IDAT', deflateSync(Buffer.alloc(height * (1 + width * 4))))
const END = chunk('IEND', Buffer.alloc(0))
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const image = (...chunks: Buffer[]): string =>
  `data:image/png;base64,${Buffer.concat([SIGNATURE, ...chunks, END]).toString('base64')}`

const refusal = { code: 'VALIDATION_ERROR', detail: { fields: [{ field: 'logo' }] } }

describe('a logo', () => {
  it('is read with its size and pixels, and keeps nothing but them', async () => {
    const logo = await readLogo(
      `data:image/png;base64,${PNG.sync.write(new PNG({ width: 3, height: 2, fill: true })).toString('base64')}`,
    )
    expect([logo.width, logo.height, logo.pixels.length]).toEqual([3, 2, 24])
    const withText = image(header(1, 1), chunk('tEXt', Buffer.from('Comment\0secret')), pixels(1, 1))
    const kept = Buffer.from((await readLogo(withText)).dataUrl.split(',')[1] ?? '', 'base64')
    expect(kept.includes('secret')).toBe(false)
    expect((await readLogo(logo.dataUrl)).dataUrl).toBe(logo.dataUrl)
  })

  // pngjs goes by the last header, and takes pixels that are missing from memory that others have used.
  it.each([
    ['a second header that is larger', [header(1, 1), header(360, 1), pixels(1, 1)]],
    ['a second header of gigabytes', [header(1, 1), header(20_000, 20_000), pixels(1, 1)]],
    ['a second header behind the pixels', [header(1, 1), pixels(1, 1), header(360, 1)]],
    ['a second header that is the same', [header(1, 1), header(1, 1), pixels(1, 1)]],
    ['no header', [pixels(1, 1)]],
    ['no pixels', [header(1, 1)]],
    ['fewer pixels than it says', [header(9, 9), pixels(8, 9)]],
    ['more pixels than it says', [header(8, 9), pixels(9, 9)]],
    [
      'another chunk between its pixels',
      [header(1, 1), pixels(1, 1), chunk('PLTE', Buffer.alloc(3)), pixels(1, 1)],
    ],
    [
      'two palettes',
      [header(1, 1), chunk('PLTE', Buffer.alloc(3)), chunk('PLTE', Buffer.alloc(3)), pixels(1, 1)],
    ],
    ['more than 512 pixels at a side', [header(513, 1), pixels(513, 1)]],
    ['a colour type that there is not', [header(1, 1, 5), pixels(1, 1)]],
  ])('with %s is refused', async (_what, chunks) => {
    await expect(readLogo(image(...chunks))).rejects.toMatchObject(refusal)
  })
})
