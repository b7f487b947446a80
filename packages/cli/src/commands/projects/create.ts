import type { createSpec } from '../../command-tree/projects'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { askText } from '../../prompts/ask'
import { projectInput } from './project-input'

export const run: Run<typeof createSpec> = async (context, { options }) => {
  const name = await askText(context, options.name, { flag: '--name', message: 'Name of the project' })
  const project = await withOrganization(context, ['projects:write'], ({ client, call }, organizationId) =>
    client.projects.create({ organizationId, name, ...projectInput(options) }, call),
  )
  await context.output.done(`Created project ${project.name} (${project.slug}).`, project.id, project)
  return EXIT.OK
}
