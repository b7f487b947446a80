import type { AuditChain } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../cli-error'
import type { verifySpec } from '../../command-tree/audit'
import type { CommandContext } from '../../context'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { type Anchor, readAnchor, writeAnchor } from './anchor'
import { type CheckedLog, checkLogFile, checkServerLog, type MeetChain } from './check-log'
import { tampered } from './tampered'

const assertSameLog = (anchor: Anchor, chain: AuditChain): void => {
  if (anchor.organizationId !== chain.organizationId) {
    throw usageError(
      `The anchor is of another organization (${anchor.organizationId}).`,
      'Give each organization an anchor of its own.',
    )
  }
  if (anchor.publicKey === chain.publicKey) return
  throw new CliError(
    `The log is signed by another key than at the last verification: ${chain.publicKey} now, ${anchor.publicKey} then.`,
    {
      code: 'audit.key_changed',
      exit: EXIT.TAMPERED,
      hint: "The key comes from the server's secret file. If that was changed on purpose, begin anew with another --anchor.",
    },
  )
}

const check = (
  context: CommandContext,
  { file, chain }: CommandInput<typeof verifySpec>['options'],
  meet: MeetChain,
): Promise<CheckedLog> => {
  if (file !== undefined && chain !== undefined) return checkLogFile(file, chain, meet)
  if (file !== undefined || chain !== undefined) {
    throw usageError(
      '--file and --chain go together.',
      'The ends of a log, from before its export:  snoop api auditLogs.chain > chain.json',
    )
  }
  return withOrganization(context, ['user:read'], (open, organizationId) =>
    checkServerLog(open, organizationId, meet),
  )
}

const reportOf = ({ chain, verification }: CheckedLog) => {
  const { isIntact, entryCount, lastSequence, lastHash, findings, findingCount } = verification
  const { organizationId, publicKey, checkpoint } = chain
  return {
    organizationId,
    intact: isIntact,
    entries: entryCount,
    first: (checkpoint?.sequence ?? 0) + 1,
    last: lastSequence,
    lastHash,
    publicKey,
    checkpoint,
    findings,
    findingCount,
  }
}

const soundText = ({ chain: { checkpoint, publicKey }, verification }: CheckedLog): string => {
  const { entryCount, lastSequence } = verification
  const count = `${entryCount.toLocaleString('en')} ${entryCount === 1 ? 'entry' : 'entries'}`
  const range = entryCount === 0 ? '' : `, ${(checkpoint?.sequence ?? 0) + 1} to ${lastSequence}`
  const cut = checkpoint ? `, those up to ${checkpoint.sequence} removed by retention` : ''
  return `${count}${range}${cut}, chain unbroken, signed by ${publicKey}`
}

const keepAnchor = (context: CommandContext, path: string, checked: CheckedLog): Promise<void> => {
  const { organizationId, publicKey } = checked.chain
  const { lastSequence: sequence, lastHash: hash } = checked.verification
  const verifiedAt = new Date(context.around.now()).toISOString()
  return writeAnchor(path, { organizationId, sequence, hash, publicKey, verifiedAt })
}

export const run: Run<typeof verifySpec> = async (context, { options }) => {
  const { output } = context
  const former = options.anchor === undefined ? undefined : await readAnchor(options.anchor)
  const checked = await check(context, options, chain => {
    if (former) assertSameLog(former, chain)
    return former
  })
  const { isIntact } = checked.verification
  if (isIntact && options.anchor !== undefined) await keepAnchor(context, options.anchor, checked)
  if (output.json) {
    await output.value(reportOf(checked))
    return isIntact ? EXIT.OK : EXIT.TAMPERED
  }
  if (!isIntact) throw tampered(checked, options)
  const text = soundText(checked)
  await (output.isHuman ? output.done(`${text}.`, '', undefined) : output.text(text))
  return EXIT.OK
}
