import type { Organization } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { deleteSpec } from '../../command-tree/orgs'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { withClient } from '../../http/with-client'
import { askToType } from '../../prompts/ask'
import { forgetOrganization } from './default-organization'
import { namedOrganization, organizationText } from './named-organization'

/** To the letter: a name that is nearly the same may be that of another organization. */
const names = ({ name, slug }: Organization, text: string): boolean => text === slug || text === name

const confirmByName = (context: CommandContext, organization: Organization): Promise<void> => {
  const { slug } = organization
  return askToType(context, {
    message: `Delete ${organizationText(organization)} with all that belongs to it? Type its slug, ${slug}, or its name to go ahead`,
    word: slug,
    isRight: typed => names(organization, typed),
    way: `Add --confirm ${slug} to go ahead.`,
  })
}

const confirm = async (
  context: CommandContext,
  organization: Organization,
  given: string | undefined,
): Promise<void> => {
  if (given === undefined) return confirmByName(context, organization)
  if (names(organization, given)) return
  const hint = `To delete it:  snoop orgs delete ${organization.slug} --confirm ${organization.slug}`
  throw usageError(`--confirm does not name ${organizationText(organization)}.`, hint)
}

export const run: Run<typeof deleteSpec> = async (context, { args: [idOrSlug], options }) => {
  const organization = await withClient(context, NEEDS_SESSION, open =>
    namedOrganization(context, open, idOrSlug),
  )
  await confirm(context, organization, options.confirm)
  const { id } = organization
  const { deleted, remarks } = await context.unbroken(async () => ({
    deleted: await withFreshSession(context, ({ client, call }) =>
      client.organizations.delete({ organizationId: id }, call),
    ),
    remarks: await forgetOrganization(context, id),
  }))
  await context.output.done(`Deleted ${organizationText(organization)}.`, id, deleted)
  for (const remark of remarks) context.output.note(remark)
  return EXIT.OK
}
