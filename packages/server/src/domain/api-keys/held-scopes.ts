import { KEY_FORMATS, type KeyFormat, type KeyScope } from '@snoop/sdk/contract'

/** Whether a key may do all that its format is good for: some may that were given no scopes. */
export const holdsEverything = (format: KeyFormat, given: readonly KeyScope[]): boolean =>
  given.length === 0 && KEY_FORMATS[format].unscoped === 'everything'

/** The scopes that a key has. @param given to it when it was made */
export const heldScopes = (format: KeyFormat, given: readonly KeyScope[]): readonly KeyScope[] =>
  holdsEverything(format, given) ? KEY_FORMATS[format].scopes : given
