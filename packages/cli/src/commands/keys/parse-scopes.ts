import { SCOPES, type Scope } from '@snoop/sdk'
import { usageError } from '../../cli-error'

const presets = new Map<string, readonly Scope[]>([
  ['read', SCOPES.filter(scope => scope.endsWith(':read'))],
  ['all', SCOPES],
])

/**
 * Scopes from `a,b`, `read` (all that read) or `all`.
 * @throws CliError (exit 2) for a scope that there is not
 */
export const parseScopes = (text: string): readonly Scope[] => {
  const scopes = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .flatMap(part => presets.get(part) ?? findScope(part))
  if (scopes.length === 0) throw usageError('--scopes is empty.', `There are: ${SCOPES.join(', ')}`)
  return [...new Set(scopes)]
}

const findScope = (text: string): Scope => {
  const scope = SCOPES.find(known => known === text)
  if (scope !== undefined) return scope
  throw usageError(`There is no scope ${text}.`, `There are: ${SCOPES.join(', ')} (or \`read\`, or \`all\`)`)
}
