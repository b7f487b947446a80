import { type Resource, type ResourceField, ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import type { Membership } from '../principals/enter'
import type { Principal } from '../principals/principal'
import { mayDefine } from './assert-may-define'
import { effectiveRights } from './effective-rights'
import { narrowingOf } from './narrowing-of'

/** Who asks for resources or rows, with the role in the organization that counts. */
export type ResourceCaller = Membership & { readonly principal: Principal }

/** Whether the caller may see all definitions in full, with their rules. */
export const seesDefinitions = ({ principal, role }: ResourceCaller): boolean =>
  mayDefine(principal) && ROLE_PERMISSIONS[role].includes('organization:manage-resources')

/** The fields that the caller may know of; undefined: it has no right to the resource at all. */
export const shownFields = (resource: Resource, caller: ResourceCaller): ResourceField[] | undefined => {
  if (seesDefinitions(caller)) return resource.fields
  const rights = Object.values(effectiveRights(resource, caller.role, narrowingOf(caller.principal)))
  if (rights.length === 0) return undefined
  return resource.fields.filter(field => rights.some(({ fields }) => fields.has(field.name)))
}
