import type { QrDesign } from '@snoop/sdk/contract'
import { invalidField } from '../domain-error'
import { type Color, contrastOf, readColor } from './color'
import { type Logo, readLogo } from './read-logo'

/** A QR code as squares (modules), before it is an image. */
export interface Layout {
  readonly foreground: Color
  readonly background: Color
  /** Modules on each side, without the margin. */
  readonly modules: number
  /** Modules of empty space around. */
  readonly margin: number
  /** Pixels on each side of the image. */
  readonly size: number
  isDark(row: number, column: number): boolean
  readonly logo: PlacedLogo | undefined
}

/** In the middle, on a square of the background. */
export interface PlacedLogo {
  readonly image: Logo
  /** Where the square begins, in modules from the code's own edge, and how many it is wide. */
  readonly start: number
  readonly modules: number
}

/** Below it cameras do not tell the modules apart. */
const MIN_CONTRAST = 3
/** Of a code's side: less than its levels Q and H can lose. */
const LOGO_SHARE = 0.22

const readColors = ({ foreground, background }: QrDesign) => {
  const colors = { foreground: readColor(foreground), background: readColor(background) }
  const contrast = contrastOf(colors.foreground, colors.background)
  if (contrast < MIN_CONTRAST) {
    const error = `Must differ more from background: the contrast is ${contrast.toFixed(1)}:1, cameras need ${MIN_CONTRAST}:1`
    throw invalidField('foreground', error)
  }
  return colors
}

const placeLogo = async (logo: string, modules: number): Promise<PlacedLogo> => {
  const side = 2 * Math.floor((modules * LOGO_SHARE) / 2) + 1
  return { image: await readLogo(logo), start: (modules - side) / 2, modules: side }
}

/**
 * Works out how a text becomes a QR code of this design, but for its logo, which is not decoded.
 * @throws DomainError VALIDATION_ERROR if no camera could read it
 */
export const layOutCode = async (text: string, design: QrDesign): Promise<Omit<Layout, 'logo'>> => {
  const { errorCorrection, size, margin, logo } = design
  if (logo !== null && errorCorrection !== 'Q' && errorCorrection !== 'H')
    throw invalidField('errorCorrection', 'Must be Q or H with a logo, which hides a part of the code')
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(text, { errorCorrectionLevel: errorCorrection })
  const needed = modules.size + 2 * margin
  if (size < needed)
    throw invalidField('size', `Must be at least ${needed} with this margin and errorCorrection`)
  return {
    ...readColors(design),
    modules: modules.size,
    margin,
    size,
    isDark: (row, column) => Boolean(modules.get(row, column)),
  }
}

/** All of it. @throws DomainError VALIDATION_ERROR if no camera could read it, or the logo is none */
export const layOut = async (text: string, design: QrDesign): Promise<Layout> => {
  const code = await layOutCode(text, design)
  const logo = design.logo === null ? undefined : await placeLogo(design.logo, code.modules)
  return { ...code, logo }
}
