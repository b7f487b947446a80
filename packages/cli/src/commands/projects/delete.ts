import type { deleteSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { withOrganization } from '../../http/with-organization'
import { confirmLoss } from '../../prompts/ask'
import { withHints } from '../with-hints'
import { findProject, LIST_HINT } from './find-project'

export const run: Run<typeof deleteSpec> = async (context, { args: [idOrSlug] }) => {
  const hints = { NOT_FOUND: LIST_HINT }
  const { organizationId, project } = await withHints(hints, () =>
    withOrganization(context, ['projects:read'], async (open, id) => ({
      organizationId: id,
      project: await findProject(open, id, idOrSlug),
    })),
  )
  await confirmLoss(context, `Delete project ${project.name} (${project.slug})?`)
  const deleted = await withHints(hints, () =>
    withClient(context, { prefer: 'key', scopes: ['projects:write'] }, ({ client, call }) =>
      client.projects.delete({ organizationId, id: project.id }, call),
    ),
  )
  await context.output.done(`Deleted project ${project.name} (${project.slug}).`, project.id, deleted)
  return EXIT.OK
}
