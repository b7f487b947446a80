import { initial } from './0001-initial'
import { accounts } from './0002-accounts'
import { organizations } from './0003-organizations'
import { surfaces } from './0004-surfaces'
import { requestWindows } from './0005-request-windows'
import type { Migration } from './migration'

/** In the order of their names. A migration that was released is never changed again: add another. */
export const MIGRATIONS: readonly Migration[] = [initial, accounts, organizations, surfaces, requestWindows]
