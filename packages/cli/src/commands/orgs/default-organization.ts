import type { Organization } from '@snoop/sdk'
import { type DefaultOrganization, readConfig, updateProfile } from '../../config/config-file'
import type { CommandContext } from '../../context'
import { currentAccount } from '../../credentials/session'
import { forgetKey } from '../../credentials/stored-key'

const rememberedId = async (context: CommandContext): Promise<string | undefined> => {
  const { profile, origin } = await context.identity()
  const { profiles = {} } = await readConfig(context.directories.config)
  const org = Object.hasOwn(profiles, profile) ? profiles[profile]?.org : undefined
  return org?.origin === origin ? org.id : undefined
}

const remember = async (
  context: CommandContext,
  { id, slug }: Pick<DefaultOrganization, 'id' | 'slug'>,
): Promise<void> => {
  const { profile, origin } = await context.identity()
  await updateProfile(context.directories.config, profile, current => ({
    ...current,
    org: { id, slug, origin },
  }))
}

/** Lets commands work in this organization from now on. */
export const useOrganization = async (context: CommandContext, organization: Organization): Promise<void> => {
  await remember(context, organization)
  if (context.around.env.SNOOP_ORG) context.output.warn('SNOOP_ORG is set and counts before this.')
}

/** Notes the new slug of an organization, if it is the one that commands work in. */
export const followNewSlug = async (context: CommandContext, organization: Organization): Promise<void> => {
  if ((await rememberedId(context)) === organization.id) await remember(context, organization)
}

/**
 * Forgets an organization that the account is no longer in: commands do not work in it any more, and a stored key that
 * is pinned to it goes, since the server has revoked it.
 * @returns what is to be told of it, a line each
 */
export const forgetOrganization = async (context: CommandContext, id: string): Promise<readonly string[]> => {
  const remarks: string[] = []
  if ((await rememberedId(context)) === id) {
    const { profile } = await context.identity()
    await updateProfile(context.directories.config, profile, ({ org, ...others }) => others)
    remarks.push('  It was the organization in use. Choose another:  snoop orgs use <org>')
  }
  const { key } = await currentAccount(context)
  if (key?.organizationId === id) {
    await forgetKey(context)
    remarks.push(`  The key ${key.name} of this profile was pinned to it, and is gone.`)
  }
  return remarks
}
