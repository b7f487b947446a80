import { normalizeEmail } from '@snoop/sdk/contract'
import type { SocialProfile } from './social-provider'

const MAX_LENGTH = 254
/** Normalised, and nothing that a mail header or a URL would take for something else. */
const ADDRESS =
  /^[a-z0-9_'+.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** The address of a profile in its normal form; undefined if there is none that the provider has verified. */
export const readSocialAddress = ({
  email,
  emailVerified,
}: Pick<SocialProfile, 'email' | 'emailVerified'>): string | undefined => {
  if (!emailVerified || email === undefined) return undefined
  const address = normalizeEmail(email)
  return address.length <= MAX_LENGTH && ADDRESS.test(address) ? address : undefined
}
