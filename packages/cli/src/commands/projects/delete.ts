import type { deleteSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { withOrganization } from '../../http/with-organization'
import { confirmLoss } from '../../prompts/ask'
import { findProject } from './find-project'

export const run: Run<typeof deleteSpec> = async (context, { args: [idOrSlug] }) => {
  const found = await withOrganization(context, ['projects:read'], async (open, organizationId) => ({
    organizationId,
    project: await findProject(open, organizationId, idOrSlug),
  }))
  const { organizationId, project } = found
  await confirmLoss(context, `Delete project ${project.name} (${project.slug})?`)
  const deleted = await withClient(
    context,
    { prefer: 'key', scopes: ['projects:write'] },
    ({ client, call }) => client.projects.delete({ organizationId, id: project.id }, call),
  )
  await context.output.done(`Deleted project ${project.name} (${project.slug}).`, project.id, deleted)
  return EXIT.OK
}
