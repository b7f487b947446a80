import type { MemberCompliance } from '@snoop/sdk/contract'
import { CliError, usageError } from '../../../cli-error'
import type { CommandContext } from '../../../context'
import { EXIT, type ExitCode } from '../../../exit-codes'
import { withOrganization } from '../../../http/with-organization'
import type { Field } from '../../../output/output'
import { relativeTime } from '../../../output/relative-time'
import { listRemark, pageSize, readLimit, takeItems } from '../../page-limit'

const complianceFields = (nowMs: number): Field<MemberCompliance>[] => [
  { label: 'NAME', value: member => member.fullName, isCuttable: true },
  { label: 'EMAIL', value: member => member.email },
  { label: 'ROLE', value: member => member.role },
  { label: '2FA', value: member => (member.twoFactorEnabled ? 'on' : 'off') },
  { label: 'STATE', value: member => member.state },
  {
    label: 'DEADLINE',
    value: member => member.deadline ?? '',
    human: member => (member.deadline === null ? '' : relativeTime(member.deadline, nowMs)),
  },
  { label: 'ID', value: member => member.memberId, isId: true },
]

const readOptions = ({ limit, all, failIfNoncompliant }: ComplianceOptions): number => {
  if (!failIfNoncompliant) return readLimit(limit, all)
  if (limit === undefined) return readLimit(undefined, true)
  throw usageError('--fail-if-noncompliant looks at all members.', 'Leave --limit out.')
}

export interface ComplianceOptions {
  readonly limit: string | undefined
  readonly all: true | undefined
  readonly failIfNoncompliant: true | undefined
}

/** @throws CliError (exit 1) if somebody does not meet the policy and `failIfNoncompliant` is given */
export const listCompliance = async (
  context: CommandContext,
  options: ComplianceOptions,
): Promise<ExitCode> => {
  const limit = readOptions(options)
  const { items, total } = await withOrganization(
    context,
    ['user:read'],
    ({ client, call }, organizationId) =>
      takeItems(client.mfaPolicy.compliance({ organizationId, limit: pageSize(limit) }, call), limit),
  )
  const remark = listRemark(items.length, total, 'No members.')
  await context.output.list(items, complianceFields(context.around.now()), remark)
  const behind = items.filter(({ state }) => state !== 'compliant').length
  if (options.failIfNoncompliant && behind > 0) {
    throw new CliError(`${behind} of ${total} members do not meet the MFA policy.`, {
      code: 'mfa.noncompliant',
      exit: EXIT.FAILURE,
      hint: 'They turn it on by:  snoop 2fa enable',
    })
  }
  return EXIT.OK
}
