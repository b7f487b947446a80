import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { withFileLock } from '../config/file-lock'
import type { CommandContext } from '../context'
import { identityName } from './identity'

/**
 * Lets one process at a time change the session, or the key, of the identity in use. When both are needed: the key's
 * lock first.
 */
export const withCredentialLock = async <T>(
  context: CommandContext,
  what: 'session' | 'key',
  work: () => Promise<T>,
): Promise<T> => {
  const name = createHash('sha256')
    .update(identityName(await context.identity()))
    .digest('hex')
    .slice(0, 16)
  return withFileLock(join(context.directories.state, 'locks', `${name}-${what}.lock`), work)
}
