import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { normalizeEmail } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { describeCredential } from './begin-registration'
import { type AllowedCredential, decoyCredentials } from './decoy-credentials'
import { CEREMONY_MS, createSignInChallenge, type Signer } from './passkey-challenge'
import { passkeySettings } from './passkey-settings'

interface Invitation {
  readonly signer: Signer
  readonly allowed: AllowedCredential[]
}

/** An address without passkeys and one without an account look like one with passkeys, after the same work. */
const inviteAccount = async (context: DomainContext, email: string): Promise<Invitation> => {
  const { users, passkeys } = context.storage
  const user = await users.findByEmail(email)
  const own = await passkeys.list(user?.id ?? '')
  const decoys = decoyCredentials(context, email)
  const signer = { kind: 'account', userId: own[0]?.user_id ?? null } as const
  return { signer, allowed: own.length > 0 ? own.map(describeCredential) : decoys }
}

/**
 * What the browser needs to sign in with a passkey; good for 5 minutes, once.
 * @param email undefined: the browser offers what passkeys it has, and anybody's may answer
 */
export const beginPasskeySignIn = async (
  context: DomainContext,
  email: string | undefined,
): Promise<PublicKeyCredentialRequestOptionsJSON> => {
  const { signer, allowed }: Invitation =
    email === undefined
      ? { signer: { kind: 'anyone' }, allowed: [] }
      : await inviteAccount(context, normalizeEmail(email))
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  return generateAuthenticationOptions({
    rpID: passkeySettings(context.settings).rpId,
    challenge: await createSignInChallenge(context, signer),
    timeout: CEREMONY_MS,
    allowCredentials: allowed,
    userVerification: 'required',
  })
}
