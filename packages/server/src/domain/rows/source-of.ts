import type { Resource } from '@snoop/sdk/contract'
import { memberRows } from './member-rows'
import { projectRows } from './project-rows'
import type { RowSource } from './row-source'
import { storedRows } from './stored-rows'

/** Where the rows of a resource are. */
export const sourceOf = (resource: Resource): RowSource => {
  if (resource.origin === 'built-in' && resource.name === 'projects') return projectRows
  if (resource.origin === 'built-in' && resource.name === 'users') return memberRows
  return storedRows(resource)
}
