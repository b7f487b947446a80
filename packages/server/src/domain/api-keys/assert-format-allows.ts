import {
  KEY_FORMAT_NAMES,
  KEY_FORMATS,
  type KeyFormat,
  type KeyScope,
  type PermissionMap,
  type Surface,
} from '@snoop/sdk/contract'
import { invalidField } from '../domain-error'

/** Formats that are good where there are resources. */
const WITH_PERMISSIONS = KEY_FORMAT_NAMES.filter(format => KEY_FORMATS[format].unmapped !== null)

/**
 * That keys of a format can be made where these surfaces are spoken.
 * @throws DomainError VALIDATION_ERROR, field `format`
 */
export const assertFormatSpoken = (format: KeyFormat, surfaces: readonly Surface[]): void => {
  const { surface } = KEY_FORMATS[format]
  if (surfaces.includes(surface)) return
  throw invalidField(
    'format',
    `Keys of this format are for the surface ${surface}, which is switched off here; switched on: ${surfaces.join(', ')}`,
  )
}

/**
 * That a format knows these scopes, and permissions if any are given.
 * @throws DomainError VALIDATION_ERROR that says which there are
 */
export const assertFormatKnows = (
  format: KeyFormat,
  scopes: readonly KeyScope[],
  permissions: PermissionMap | null,
): void => {
  const known: readonly KeyScope[] = KEY_FORMATS[format].scopes
  const unknown = scopes.filter(scope => !known.includes(scope))
  if (unknown.length > 0) {
    const which = known.length > 0 ? `it knows ${known.join(', ')}` : 'it knows none, so leave them out'
    throw invalidField('scopes', `The key format ${format} does not know ${unknown.join(', ')}; ${which}`)
  }
  if (permissions !== null && KEY_FORMATS[format].unmapped === null) {
    throw invalidField(
      'permissions',
      `Keys of the format ${format} reach no resources; leave the permissions out, or choose ${WITH_PERMISSIONS.join(' or ')}`,
    )
  }
}
