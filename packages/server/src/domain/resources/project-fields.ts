import { PROJECT_STATUSES, type ResourceField } from '@snoop/sdk/contract'
import type { ProjectRow } from '../../storage/stores/project-store'
import type { NewProject } from '../projects/create-project'
import { builtInField } from './built-in-field'

interface ProjectField {
  /** Called as its column. */
  readonly field: ResourceField & { readonly name: keyof ProjectRow }
  /** What the native API calls it; undefined: no caller writes it. */
  readonly input?: keyof NewProject
}

/** The fields of the resource `projects`: the one list of them. */
export const PROJECT_FIELDS: readonly ProjectField[] = [
  { field: builtInField('name', 'string', { required: true, sortable: true }), input: 'name' },
  { field: builtInField('slug', 'string', { unique: true }), input: 'slug' },
  { field: builtInField('website', 'string'), input: 'website' },
  { field: builtInField('description', 'text'), input: 'description' },
  { field: builtInField('business_context', 'text'), input: 'businessContext' },
  { field: builtInField('monitoring_intent', 'text'), input: 'monitoringIntent' },
  {
    field: builtInField('status', 'enum', { sortable: true, values: [...PROJECT_STATUSES] }),
    input: 'status',
  },
  { field: builtInField('frequency', 'string'), input: 'frequency' },
  { field: builtInField('timezone', 'string'), input: 'timezone' },
  { field: builtInField('created_by_user_id', 'string') },
]
