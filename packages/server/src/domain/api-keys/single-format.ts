import type { KeyFormat } from '@snoop/sdk/contract'

/** Whether an account has one live key of this format at most: a new one ends the one before it. */
export const isSingleFormat = (format: KeyFormat): boolean => format === 'snt'
