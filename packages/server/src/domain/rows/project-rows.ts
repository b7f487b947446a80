import type { ProjectRow } from '../../storage/stores/project-store'
import { createProject, type NewProject } from '../projects/create-project'
import { deleteProject } from '../projects/delete-project'
import { updateProject } from '../projects/update-project'
import { PROJECT_FIELDS } from '../resources/project-fields'
import type { Row } from './row'
import type { RowSource } from './row-source'

const toRow = (project: ProjectRow): Row => ({
  id: project.id,
  createdAt: project.created_at,
  updatedAt: project.updated_at,
  values: new Map(PROJECT_FIELDS.map(({ field: { name } }) => [name, project[name]])),
})

const INPUT_FIELDS = new Map(PROJECT_FIELDS.map(({ field, input }) => [input, field.name]))

/** What a project can be without; undefined: no value is given. */
const detailsOf = ({ values }: Row) => {
  const read = (input: keyof NewProject) =>
    (values.get(INPUT_FIELDS.get(input) ?? '') ?? null) as string | null
  return {
    name: read('name') ?? '',
    slug: read('slug') ?? undefined,
    status: read('status') ?? undefined,
    timezone: read('timezone') ?? undefined,
    website: read('website'),
    description: read('description'),
    businessContext: read('businessContext'),
    monitoringIntent: read('monitoringIntent'),
    frequency: read('frequency'),
  }
}

const DEFAULTS = { status: 'draft', timezone: 'UTC' } as const satisfies Partial<NewProject>

/**
 * The projects that the native API has too, by its rules: plan limits, slugs, and what the audit log tells. A slug, status or
 * time zone that is null is chosen for a new project, and stays as it is otherwise.
 */
export const projectRows: RowSource = {
  list: async ({ storage }, organizationId, query) => {
    const { items, total } = await storage.nativeRows.listProjects(organizationId, query)
    return { items: items.map(toRow), total }
  },
  find: async ({ storage }, organizationId, id) => {
    const project = await storage.projects.find(organizationId, id)
    return project && toRow(project)
  },
  writer: {
    insert: async (context, { actor, organizationId, row }) => {
      const { status = DEFAULTS.status, timezone = DEFAULTS.timezone, ...details } = detailsOf(row)
      return toRow(await createProject(context, actor, organizationId, { ...details, status, timezone }))
    },
    update: async (context, { actor, organizationId, row }) =>
      toRow(await updateProject(context, actor, organizationId, row.id, detailsOf(row))),
    delete: (context, { actor, organizationId, row }) =>
      deleteProject(context, actor, organizationId, row.id),
  },
}
