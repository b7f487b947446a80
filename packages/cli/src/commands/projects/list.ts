import type { listSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { listRemark, pageSize, readLimit, takeItems } from '../page-limit'
import { projectFields } from './project-fields'

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const limit = readLimit(options.limit, options.all)
  const { items, total } = await withOrganization(
    context,
    ['projects:read'],
    ({ client, call }, organizationId) => {
      const query = {
        organizationId,
        limit: pageSize(limit),
        ...(options.search !== undefined && { q: options.search }),
        ...(options.status !== undefined && { status: options.status }),
      }
      return takeItems(client.projects.list(query, call), limit)
    },
  )
  const remark = listRemark(items.length, total, 'No projects. Make one:  snoop projects create')
  await context.output.list(items, projectFields(context.around.now()).inList, remark)
  return EXIT.OK
}
