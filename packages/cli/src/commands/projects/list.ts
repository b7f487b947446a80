import type { Project } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { listSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { projectFields } from './project-fields'
import { withOrganization } from './with-organization'

const DEFAULT_LIMIT = 50
const PAGE = 100

const readLimit = (limit: string | undefined, all: true | undefined): number => {
  if (limit === undefined) return all ? Number.POSITIVE_INFINITY : DEFAULT_LIMIT
  if (all) throw usageError('--limit and --all exclude one another.')
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit)
  throw usageError('--limit takes a number from 1 up.')
}

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const limit = readLimit(options.limit, options.all)
  const { projects, total } = await withOrganization(
    context,
    ['projects:read'],
    async (open, organizationId) => {
      const list = open.client.projects.list(
        {
          organizationId,
          limit: Math.min(limit, PAGE),
          ...(options.search !== undefined && { q: options.search }),
          ...(options.status !== undefined && { status: options.status }),
        },
        open.call,
      )
      const found: Project[] = []
      let all = 0
      for await (const page of list.pages()) {
        found.push(...page.data)
        all = page.meta.total
        if (found.length >= limit) break
      }
      return { projects: found.slice(0, limit), total: all }
    },
  )
  const remark =
    projects.length < total
      ? `${projects.length} of ${total}. For all of them:  --all`
      : projects.length === 0
        ? 'No projects. Make one:  snoop projects create'
        : undefined
  await context.output.list(projects, projectFields(context.around.now()).inList, remark)
  return EXIT.OK
}
