import type { Project } from '@snoop/sdk'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

/** How projects are shown. */
export const projectFields = (nowMs: number) => {
  const text = (label: string, value: (project: Project) => string | null): Field<Project> => ({
    label,
    value: project => value(project) ?? '',
    isCuttable: true,
  })
  const time = (label: string, value: (project: Project) => string): Field<Project> => ({
    label,
    value,
    human: project => relativeTime(value(project), nowMs),
  })
  const id: Field<Project> = { label: 'ID', value: project => project.id, isId: true }
  const slug = text('SLUG', project => project.slug)
  const name = text('NAME', project => project.name)
  const status = text('STATUS', project => project.status)
  const website = text('WEBSITE', project => project.website)
  const updated = time('UPDATED', project => project.updatedAt)
  return {
    inList: [slug, name, status, website, updated, id],
    whole: [
      id,
      slug,
      name,
      status,
      website,
      text('DESCRIPTION', project => project.description),
      text('CONTEXT', project => project.businessContext),
      text('INTENT', project => project.monitoringIntent),
      text('FREQUENCY', project => project.frequency),
      text('TIMEZONE', project => project.timezone),
      text('CREATED BY', project => project.createdByUser?.fullName ?? null),
      time('CREATED', project => project.createdAt),
      updated,
    ].map(field => ({ ...field, label: field.label.toLowerCase() })),
  }
}
