import { usageError } from '../../cli-error'
import type { updateSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { withHints } from '../with-hints'
import { findProject, LIST_HINT } from './find-project'
import { projectInput } from './project-input'

export const run: Run<typeof updateSpec> = async (context, { args: [idOrSlug], options }) => {
  const change = { ...projectInput(options), ...(options.name !== undefined && { name: options.name }) }
  if (Object.keys(change).length === 0) {
    throw usageError('There is nothing to change.', 'See:  snoop projects update --help')
  }
  const project = await withHints({ NOT_FOUND: LIST_HINT }, () =>
    withOrganization(context, ['projects:read', 'projects:write'], async (open, organizationId) => {
      const { id } = await findProject(open, organizationId, idOrSlug)
      return open.client.projects.update({ organizationId, id, ...change }, open.call)
    }),
  )
  await context.output.done(`Changed project ${project.name} (${project.slug}).`, project.id, project)
  return EXIT.OK
}
