import { KEY_FORMATS, type KeyFormat, type KeyScope } from '@snoop/sdk'
import { usageError } from '../../cli-error'

/** What keys of a format can be given. */
export const scopesOfFormat = (format: KeyFormat): readonly KeyScope[] => KEY_FORMATS[format].scopes

const presetsOf = (scopes: readonly KeyScope[]): ReadonlyMap<string, readonly KeyScope[]> =>
  new Map([
    ['read', scopes.filter(scope => scope.endsWith(':read'))],
    ['all', scopes],
  ])

/**
 * Scopes from `a,b`, `read` (all that read) or `all`.
 * @throws CliError (exit 2) for a scope that there is not
 */
export const parseScopes = (text: string, format: KeyFormat = 'ba'): readonly KeyScope[] => {
  const known = scopesOfFormat(format)
  if (known.length === 0)
    throw usageError(`Keys of the format ${format} have no scopes.`, 'Leave --scopes out.')
  const presets = presetsOf(known)
  const findScope = (part: string): KeyScope => {
    const scope = known.find(candidate => candidate === part)
    if (scope !== undefined) return scope
    throw usageError(
      `Keys of the format ${format} have no scope ${part}.`,
      `There are: ${known.join(', ')} (or \`read\`, or \`all\`)`,
    )
  }
  const scopes = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .flatMap(part => presets.get(part) ?? findScope(part))
  if (scopes.length === 0) throw usageError('--scopes is empty.', `There are: ${known.join(', ')}`)
  return [...new Set(scopes)]
}
