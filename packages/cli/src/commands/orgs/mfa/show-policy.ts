import type { MfaPolicy } from '@snoop/sdk/contract'
import type { CommandContext } from '../../../context'
import { EXIT, type ExitCode } from '../../../exit-codes'
import { withOrganization } from '../../../http/with-organization'
import type { Field } from '../../../output/output'
import { relativeTime } from '../../../output/relative-time'

/** How a policy is shown. */
export const policyFields = (nowMs: number): Field<MfaPolicy>[] => [
  { label: 'required', value: ({ required }) => (required ? 'yes' : 'no') },
  { label: 'days of grace', value: ({ graceDays }) => String(graceDays) },
  {
    label: 'since',
    value: ({ requiredSince }) => requiredSince ?? '',
    human: ({ requiredSince }) => (requiredSince === null ? '' : relativeTime(requiredSince, nowMs)),
  },
]

export const showPolicy = async (context: CommandContext): Promise<ExitCode> => {
  const policy = await withOrganization(context, ['user:read'], ({ client, call }, organizationId) =>
    client.mfaPolicy.get({ organizationId }, call),
  )
  await context.output.show(policy, policyFields(context.around.now()))
  return EXIT.OK
}
