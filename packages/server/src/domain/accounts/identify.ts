import { normalizeEmail } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'

/**
 * Which ways to sign in are worth offering for an address. An unknown one is answered as that of an account with a
 * password, after the same statements.
 */
export const identify = async (
  { storage }: DomainContext,
  email: string,
): Promise<{ readonly hasPasskey: boolean }> => {
  const user = await storage.users.findByEmail(normalizeEmail(email))
  return { hasPasskey: (await storage.passkeys.count(user?.id ?? '')) > 0 }
}
