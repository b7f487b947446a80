import type { transferSpec } from '../../command-tree/orgs'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { withClient } from '../../http/with-client'
import { askText, confirmLoss } from '../../prompts/ask'
import { findMember, memberText } from '../members/find-member'
import { namedOrganization, organizationText } from './named-organization'

export const run: Run<typeof transferSpec> = async (context, { args: [idOrSlug], options }) => {
  const to = await askText(context, options.to, {
    flag: '--to',
    message: 'E-mail address of the member who is to own it',
  })
  const { organization, member } = await withClient(context, NEEDS_SESSION, async open => {
    const found = await namedOrganization(context, open, idOrSlug)
    return { organization: found, member: await findMember(open, found.id, to) }
  })
  const named = organizationText(organization)
  await confirmLoss(
    context,
    `Make ${memberText(member)} an owner of ${named}? You become an admin, and cannot take it back.`,
  )
  const owner = await withFreshSession(context, ({ client, call }) =>
    client.organizations.transfer({ organizationId: organization.id, memberId: member.id }, call),
  )
  await context.output.done(`${memberText(owner)} owns ${named} now. You are an admin.`, owner.id, owner)
  return EXIT.OK
}
