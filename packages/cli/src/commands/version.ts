import type { versionSpec } from '../command-tree/tools'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { CLI_VERSION } from '../version'

export const run: Run<typeof versionSpec> = async ({ output }) => {
  if (output.json) await output.value({ version: CLI_VERSION, node: process.version })
  else await output.text(`snoop ${CLI_VERSION}`)
  return EXIT.OK
}
