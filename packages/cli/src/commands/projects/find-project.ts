import type { Project } from '@snoop/sdk'
import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import { isIdAlone } from '../../http/is-id-alone'
import type { OpenClient } from '../../http/open-client'

/** What a project was looked for in vain with goes by this. */
export const LIST_HINT = 'See:  snoop projects list'

const findBySlug = async (
  { client, call }: OpenClient,
  organizationId: string,
  slug: string,
): Promise<Project> => {
  for await (const project of client.projects.list({ organizationId, limit: 100 }, call)) {
    if (project.slug === slug || project.id === slug) return project
  }
  throw new CliError(`There is no project ${slug} in this organization.`, {
    code: 'project.unknown',
    exit: EXIT.NOT_FOUND,
    hint: LIST_HINT,
  })
}

/** @throws CliError (exit 3) if the organization has no project of this id or slug */
export const findProject = (open: OpenClient, organizationId: string, idOrSlug: string): Promise<Project> =>
  isIdAlone(idOrSlug)
    ? open.client.projects.get({ organizationId, id: idOrSlug }, open.call)
    : findBySlug(open, organizationId, idOrSlug)
