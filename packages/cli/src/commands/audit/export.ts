import { usageError } from '../../cli-error'
import type { exportSpec } from '../../command-tree/audit'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { terminalSafe } from '../../output/terminal-text'
import { refuseExistingFile } from '../secret-file'
import { streamToFile } from '../stream-to-file'
import { withoutSpinner } from '../without-spinner'
import { auditFilters, withAuditFilters } from './audit-filters'
import { inBlocks } from './in-blocks'

const print = async ({ around, output }: CommandContext, blocks: AsyncIterable<string>): Promise<void> => {
  const isTerminal = around.stdout.isTTY === true
  for await (const block of blocks) await output.raw(isTerminal ? terminalSafe(block) : block)
}

export const run: Run<typeof exportSpec> = async (context, { options }) => {
  const { format = 'jsonl', output: file, force } = options
  if (force && file === undefined) throw usageError('--force goes with --output.')
  const filters = auditFilters(options, context.around.now())
  const refuse = async (): Promise<void> => {
    if (file !== undefined && !force) await refuseExistingFile(file, 'Add --force to overwrite it.')
  }
  await refuse()
  const quiet = file === undefined ? withoutSpinner(context) : context
  await withAuditFilters(quiet, filters, async ({ client, call }, query) => {
    const blocks = inBlocks(() => client.auditLogs.export({ ...query, format }, call))
    await (file === undefined ? print(context, blocks) : streamToFile(file, blocks, refuse))
  })
  if (file !== undefined) {
    await context.output.done(`The audit log is in ${file}.`, file, { file, format })
  }
  return EXIT.OK
}
