import { crc32, deflateSync } from 'node:zlib'
import type { QrDesign } from '@snoop/sdk/contract'
import jsqr from 'jsqr'
import { PNG } from 'pngjs'
import { create } from 'qrcode'
import { describe, expect, it, test } from 'vitest'
import { describeInChromium } from '../../pages/testing/describe-in-chromium'
import { drawPng } from './draw-png'
import { drawSvg } from './draw-svg'
import { layOut } from './lay-out'
import { logoOf } from './testing/logo-of'

const PLAIN: QrDesign = {
  foreground: '#000000',
  background: '#FFFFFF',
  errorCorrection: 'M',
  size: 300,
  margin: 4,
  logo: null,
}
const URLS = [
  'http://a.co/s/abc1234',
  'https://auth.example.com/s/aB3dE6g',
  `https://${'long.'.repeat(30)}example/s/aB3dE6g`,
]
const LEVELS = ['L', 'M', 'Q', 'H'] as const
const LOGOS = [
  [8, 8],
  [512, 512],
  [512, 40],
  [3, 300],
] as const

const read = (bytes: Uint8Array) => PNG.sync.read(Buffer.from(bytes))
const scan = (bytes: Uint8Array): string | undefined => {
  const { data, width, height } = read(bytes)
  return jsqr(new Uint8ClampedArray(data), width, height)?.data
}
const refused = (field: string, error: unknown = expect.any(String)) => ({
  code: 'VALIDATION_ERROR',
  detail: { fields: [{ field, error, location: 'body' }] },
})

describe.each(LEVELS)('a QR code of level %s', errorCorrection => {
  const canHaveLogo = errorCorrection === 'Q' || errorCorrection === 'H'

  it.each<Partial<QrDesign>>([
    ...[64, 301].map(size => ({ size, margin: 1 })),
    ...[0, 20].map(margin => ({ margin })),
    { foreground: '#FFD700', background: '#00008B' },
    ...(canHaveLogo ? LOGOS.map(([width, height]) => ({ logo: logoOf(width, height) })) : []),
  ])('can be read: %.60j', async more => {
    for (const url of URLS) {
      const design = { ...PLAIN, ...more, errorCorrection }
      const modules = create(url, { errorCorrectionLevel: errorCorrection }).modules.size + 2 * design.margin
      if (modules * 2 > design.size) continue
      const png = await drawPng(await layOut(url, design))
      expect([read(png).width, read(png).height]).toEqual([design.size, design.size])
      expect(scan(png), url).toBe(url)
    }
  })
})

test('an image has its colours and no other', async () => {
  const { data } = read(
    await drawPng(await layOut('x', { ...PLAIN, foreground: '#12345A', background: '#FEDCBA' })),
  )
  const colors = new Set<string>()
  for (let at = 0; at < data.length; at += 4) colors.add(data.subarray(at, at + 4).toString('hex'))
  expect(colors).toEqual(new Set(['12345aff', 'fedcbaff']))
})

test('an SVG image has the modules of the code, and nothing that somebody wrote', async () => {
  const layout = await layOut('https://x.example/s/a', {
    ...PLAIN,
    errorCorrection: 'H',
    logo: withText(logoOf(20, 10)),
  })
  const svg = Buffer.from(drawSvg(layout)).toString()
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="300" height="300" viewBox="0 0 (\d+) \1" shape-rendering="crispEdges">(<(path|image) [^<>]*\/>){4}<\/svg>\n$/,
  )
  expect(svg).not.toContain('x.example')
  const logo = /href="data:image\/png;base64,([^"]+)"/.exec(svg)?.[1] ?? ''
  expect(Buffer.from(logo, 'base64').includes('<script>')).toBe(false)
  const dark = new Set<string>()
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let at = 0; at < Number(width); at++) dark.add(`${Number(x) + at} ${y}`)
  const { modules } = create('https://x.example/s/a', { errorCorrectionLevel: 'H' })
  const expected = new Set<string>()
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) expected.add(`${column + 4} ${row + 4}`)
  expect(dark).toEqual(expected)
})

describe('what no camera reads is refused', () => {
  it.each([
    ['#000000', '#000000', '1.0'],
    ['#FFFFFF', '#ffffff', '1.0'],
    ['#FFFF00', '#FFFFFF', '1.1'],
    ['#777777', '#999999', '1.6'],
  ])('%s on %s', async (foreground, background, contrast) => {
    await expect(layOut('x', { ...PLAIN, foreground, background })).rejects.toMatchObject(
      refused('foreground', expect.stringContaining(`${contrast}:1`)),
    )
  })

  it('fewer pixels than modules, and it says how many there must be', async () => {
    const attempt = layOut(URLS[1] ?? '', { ...PLAIN, size: 64, margin: 20 })
    await expect(attempt).rejects.toMatchObject(
      refused('size', 'Must be at least 69 with this margin and errorCorrection'),
    )
  })

  it.each(['L', 'M'] as const)('a logo at level %s', async errorCorrection => {
    await expect(layOut('x', { ...PLAIN, errorCorrection, logo: logoOf(8, 8) })).rejects.toMatchObject(
      refused('errorCorrection'),
    )
  })
})

const chunk = (type: string, data: Buffer): Buffer => {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
const bytesOf = (dataUrl: string) => Buffer.from(dataUrl.split(',')[1] ?? '', 'base64')
const dataUrl = (...parts: Buffer[]) => `data:image/png;base64,${Buffer.concat(parts).toString('base64')}`
const SIGNATURE = bytesOf(logoOf(1, 1)).subarray(0, 8)
const header = (width: number, height: number, interlace = 0) => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data.set([8, 6, 0, 0, interlace], 8)
  return chunk('IHDR', data)
}
const END = chunk('IEND', Buffer.alloc(0))
/** With a text behind the header. */
const withText = (url: string): string => {
  const bytes = bytesOf(url)
  return dataUrl(bytes.subarray(0, 33), chunk('tEXt', Buffer.from('Comment\0<script>')), bytes.subarray(33))
}

describe('a logo', () => {
  const bomb = deflateSync(Buffer.alloc(60_000_000))
  const good = bytesOf(logoOf(8, 8))
  it.each<[string, string]>([
    ['no image', dataUrl(Buffer.from('<svg onload="alert(1)"/>'))],
    ['no data: URL', 'https://evil.example/x.png'],
    ['SVG', 'data:image/svg+xml;base64,PHN2Zy8+'],
    ['an attribute', `${logoOf(1, 1)}" onload="alert(1)`],
    ['the signature alone', dataUrl(SIGNATURE)],
    ['half an image', dataUrl(good.subarray(0, good.length / 2))],
    ['a wrong checksum', dataUrl(Buffer.from(good).fill(0, 29, 33))],
    ['no pixels', dataUrl(SIGNATURE, header(8, 8), END)],
    ['too few pixels', dataUrl(SIGNATURE, header(8, 8), chunk('IDAT', deflateSync(Buffer.alloc(8))), END)],
    [
      'too few pixels of an interlaced image',
      dataUrl(SIGNATURE, header(8, 8, 1), chunk('IDAT', deflateSync(Buffer.alloc(270))), END),
    ],
    ['no width', dataUrl(SIGNATURE, header(0, 8), END)],
    [
      'a chunk that claims gigabytes',
      dataUrl(SIGNATURE, Buffer.from('fffffff049484452', 'hex'), Buffer.alloc(40)),
    ],
    ['a bomb', dataUrl(SIGNATURE, header(512, 512), chunk('IDAT', bomb), END)],
    ['an interlaced bomb', dataUrl(SIGNATURE, header(8, 8, 1), chunk('IDAT', bomb), END)],
    ['more than 64 KiB', dataUrl(good, Buffer.alloc(65_536))],
  ])('that is %s is refused', async (_what, logo) => {
    const attempt = layOut('x', { ...PLAIN, errorCorrection: 'H', logo })
    await expect(attempt).rejects.toMatchObject(refused('logo'))
  })

  it('may be interlaced', async () => {
    // 8 by 8 pixels in seven passes have 15 rows.
    const pixels = deflateSync(Buffer.alloc(8 * 8 * 4 + 15))
    const logo = dataUrl(SIGNATURE, header(8, 8, 1), chunk('IDAT', pixels), END)
    const layout = await layOut('x', { ...PLAIN, errorCorrection: 'H', logo })
    expect(layout.logo?.image).toMatchObject({ width: 8, height: 8 })
  })

  it('is at most 512 by 512 pixels, and it says how many it has', async () => {
    for (const [width, height] of [
      [513, 1],
      [1, 513],
      [2_000_000_000, 2_000_000_000],
    ] as const) {
      const logo = dataUrl(SIGNATURE, header(width, height), chunk('IDAT', deflateSync(Buffer.alloc(9))), END)
      await expect(layOut('x', { ...PLAIN, errorCorrection: 'H', logo })).rejects.toMatchObject(
        refused('logo', `Must be at most 512 by 512 pixels, is ${width} by ${height}`),
      )
    }
  })
})

describeInChromium('an SVG image in a browser', openTab => {
  test.each([null, logoOf(64, 64)])('is read by a camera, with and without a logo', async logo => {
    const url = URLS[1] ?? ''
    const svg = drawSvg(await layOut(url, { ...PLAIN, errorCorrection: 'H', logo, foreground: '#102040' }))
    const { page, faults } = await openTab({ viewport: { width: 320, height: 320 } })
    await page.goto(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`)
    expect(scan(await page.screenshot())).toBe(url)
    expect(faults).toEqual([])
  })
})
