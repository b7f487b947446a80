import { inflateSync } from 'node:zlib'
import type { PNG } from 'pngjs'
import { DomainError, invalidField } from '../domain-error'

/** A PNG image, its pixels as red, green, blue, alpha. */
export interface Logo {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
  /** The image with all of it gone that is no pixel: texts, profiles, times. */
  readonly dataUrl: string
}

const DATA_URL = /^data:image\/png;base64,([A-Za-z0-9+/]+={0,2})$/
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const MAX_SIDE = 512
const MAX_BYTES = 65_536
/** Four channels of 16 bits, and a byte for each row of each of the seven passes. */
const MAX_INFLATED = MAX_SIDE * MAX_SIDE * 8 + MAX_SIDE * 8
/** By colour type (PNG, third edition, 11.2.1). */
const CHANNELS = [1, 0, 3, 1, 2, 0, 4]
/** Where the pixels of each pass begin and how far apart they are: column, row (PNG, third edition, 8). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
const ONE_PASS = [[0, 0, 1, 1]] as const
const CHUNKS_OF_PIXELS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
/** One header, then at most one palette and one transparency, then the pixels in one run (PNG, third edition, 5.6). */
const ORDER_OF_CHUNKS = /^IHDR (PLTE )?(tRNS )?(IDAT )+IEND$/

const unreadable = (error: string) => invalidField('logo', error)
const noPng = () => unreadable('Must be a PNG image that can be read')

/** A chunk with its length, type and checksum (PNG, third edition, 5.3). */
interface Chunk {
  readonly type: string
  readonly data: Buffer
  readonly whole: Buffer
}

const chunksOf = (bytes: Buffer): Chunk[] => {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw noPng()
  const chunks: Chunk[] = []
  let start = SIGNATURE.length
  while (start + 12 <= bytes.length) {
    const end = start + 12 + bytes.readUInt32BE(start)
    if (end > bytes.length) throw noPng()
    const type = bytes.toString('latin1', start + 4, start + 8)
    chunks.push({ type, data: bytes.subarray(start + 8, end - 4), whole: bytes.subarray(start, end) })
    if (type === 'IEND') return chunks
    start = end
  }
  throw noPng()
}

interface Header {
  readonly width: number
  readonly height: number
  readonly bitsPerPixel: number
  readonly isInterlaced: boolean
}

const readHeader = ([first]: readonly Chunk[]): Header => {
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw noPng()
  const [width, height] = [first.data.readUInt32BE(0), first.data.readUInt32BE(4)]
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw unreadable(`Must be at most ${MAX_SIDE} by ${MAX_SIDE} pixels, is ${width} by ${height}`)
  const [depth = 0, colorType = 0] = first.data.subarray(8)
  const bitsPerPixel = depth * (CHANNELS[colorType] ?? 0)
  if (width === 0 || height === 0 || bitsPerPixel === 0) throw noPng()
  return { width, height, bitsPerPixel, isInterlaced: first.data[12] !== 0 }
}

/** Each row of each pass has a byte in front. */
const inflatedLength = ({ width, height, bitsPerPixel, isInterlaced }: Header): number => {
  let length = 0
  for (const [left, top, right, down] of isInterlaced ? PASSES : ONE_PASS) {
    const [columns, rows] = [Math.ceil((width - left) / right), Math.ceil((height - top) / down)]
    if (columns > 0 && rows > 0) length += rows * (1 + Math.ceil((columns * bitsPerPixel) / 8))
  }
  return length
}

/**
 * Before pngjs sees it: a few bytes can claim to be gigabytes, and for pixels that are missing it would take whatever
 * there is in memory. It goes by the last header, so there may be no other than the one that is looked at.
 */
const checkPixels = (chunks: readonly Chunk[]): void => {
  if (!ORDER_OF_CHUNKS.test(chunks.map(({ type }) => type).join(' '))) throw noPng()
  const header = readHeader(chunks)
  const deflated = Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])))
  const { length } = inflateSync(deflated, { maxOutputLength: MAX_INFLATED })
  if (length !== inflatedLength(header)) throw noPng()
}

/** @throws DomainError VALIDATION_ERROR if it is no PNG of at most 512 by 512 pixels and 64 KiB */
export const readLogo = async (dataUrl: string): Promise<Logo> => {
  const [, base64] = DATA_URL.exec(dataUrl) ?? []
  if (base64 === undefined) throw noPng()
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > MAX_BYTES) throw unreadable(`Must be at most ${MAX_BYTES / 1024} KiB`)
  const chunks = chunksOf(bytes).filter(({ type }) => CHUNKS_OF_PIXELS.has(type))
  const { PNG: Png } = await import('pngjs')
  let image: Pick<PNG, 'width' | 'height' | 'data'>
  const clean = Buffer.concat([SIGNATURE, ...chunks.map(({ whole }) => whole)])
  try {
    checkPixels(chunks)
    image = Png.sync.read(clean)
  } catch (error) {
    throw error instanceof DomainError ? error : noPng()
  }
  return {
    width: image.width,
    height: image.height,
    pixels: image.data,
    dataUrl: `data:image/png;base64,${clean.toString('base64')}`,
  }
}
