import type { KeyScope, PermissionMap } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'

/** The scopes that a key was given. */
export const scopesOf = ({ scopes }: Pick<ApiKeyRow, 'scopes'>): KeyScope[] => JSON.parse(scopes)

/** The permission map of a key; null: it was given none. */
export const permissionsOf = ({ permissions }: Pick<ApiKeyRow, 'permissions'>): PermissionMap | null =>
  permissions === null ? null : JSON.parse(permissions)

/** What the owner of a key noted on it. */
export const metadataOf = ({ metadata }: Pick<ApiKeyRow, 'metadata'>): Record<string, unknown> | null =>
  metadata === null ? null : JSON.parse(metadata)
