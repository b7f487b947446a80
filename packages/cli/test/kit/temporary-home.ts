import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A home folder of its own. @returns it, and what removes it */
export const createHome = (): { readonly home: string; readonly remove: () => void } => {
  const home = mkdtempSync(join(tmpdir(), 'snoop-cli-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}
