import type { MfaPolicyChange } from '@snoop/sdk/contract'
import { usageError } from '../../../cli-error'
import type { CommandContext } from '../../../context'
import { EXIT, type ExitCode } from '../../../exit-codes'
import { withOrganization } from '../../../http/with-organization'
import type { Field } from '../../../output/output'
import { withHints } from '../../with-hints'
import { policyFields } from './show-policy'

const impactFields: Field<MfaPolicyChange>[] = [
  { label: 'members', value: ({ impact }) => String(impact.members) },
  { label: 'have it', value: ({ impact }) => String(impact.compliant) },
  { label: 'in grace', value: ({ impact }) => String(impact.inGrace) },
  { label: 'locked out', value: ({ impact }) => String(impact.lockedOut) },
]

const readDays = (days: string | undefined): { readonly graceDays?: number } => {
  if (days === undefined) return {}
  if (/^\d{1,4}$/.test(days)) return { graceDays: Number(days) }
  throw usageError('--grace-days takes a number of days, from 0 to 90.')
}

/** Who requires a second factor of others has one; the server says so, this says what to type. */
const HINTS = { CONFLICT: 'Turn yours on first:  snoop 2fa enable' }

const sentenceOf = ({ required, graceDays, impact }: MfaPolicyChange): string => {
  if (!required) return 'Two-factor authentication is no longer required.'
  const { compliant, members, inGrace, lockedOut } = impact
  return `Two-factor authentication is required, with ${graceDays} days of grace: ${compliant} of ${members} members have it, ${inGrace} have time left, ${lockedOut} are locked out.`
}

/** Requires two-factor authentication of all members, or no longer, or only tells what that would do. */
export const changePolicy = async (
  context: CommandContext,
  required: boolean,
  { graceDays, dryRun }: { readonly graceDays: string | undefined; readonly dryRun: true | undefined },
): Promise<ExitCode> => {
  const policy = { required, ...readDays(graceDays), ...(dryRun && { dryRun: 'true' as const }) }
  const { organizationId, change } = await withHints(HINTS, () =>
    withOrganization(context, ['user:write'], async (open, id) => ({
      organizationId: id,
      change: await open.client.mfaPolicy.update({ organizationId: id, ...policy }, open.call),
    })),
  )
  if (dryRun) {
    await context.output.show(change, [...policyFields(context.around.now()), ...impactFields])
    context.output.note('Nothing was changed.')
  } else {
    await context.output.done(sentenceOf(change), organizationId, change)
  }
  return EXIT.OK
}
