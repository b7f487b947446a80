import type { StoreKind } from '../config/config-file'

/**
 * Whose credentials: those of a profile on one server, in one store. A credential of one origin is never read for
 * another, and what is in the keychain is no concern of who uses the file.
 */
export interface Identity {
  readonly profile: string
  readonly origin: string
  readonly store: StoreKind
}

/** The name of an identity within its store, such as `default@https://auth.example.com`. */
export const accountName = ({ profile, origin }: Identity): string => `${profile}@${origin}`

/** The name under which everything about an identity is filed. */
export const identityName = (identity: Identity): string => `${identity.store}:${accountName(identity)}`
