import type { showSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { withHints } from '../with-hints'
import { findProject, LIST_HINT } from './find-project'
import { projectFields } from './project-fields'

export const run: Run<typeof showSpec> = async (context, { args: [idOrSlug] }) => {
  const project = await withHints({ NOT_FOUND: LIST_HINT }, () =>
    withOrganization(context, ['projects:read'], (open, organizationId) =>
      findProject(open, organizationId, idOrSlug),
    ),
  )
  await context.output.show(project, projectFields(context.around.now()).whole)
  return EXIT.OK
}
