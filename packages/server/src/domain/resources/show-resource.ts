import { type Resource, ROLE_PERMISSIONS, type ShownResource } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Membership } from '../principals/enter'
import type { Principal } from '../principals/principal'
import { mayDefine } from './assert-may-define'
import { effectiveRights } from './effective-rights'
import { findResource, listResources } from './find-resource'
import { narrowingOf } from './narrowing-of'

/** Undefined: the caller has no right to it at all. Fields are those that it may read or write. */
const show = (resource: Resource, principal: Principal, { role }: Membership): ShownResource | undefined => {
  const seesAll = mayDefine(principal) && ROLE_PERMISSIONS[role].includes('organization:manage-resources')
  if (seesAll) return resource
  const rights = Object.values(effectiveRights(resource, role, narrowingOf(principal)))
  if (rights.length === 0) return undefined
  const { name, origin } = resource
  const fields = resource.fields.filter(field => rights.some(({ fields }) => fields.has(field.name)))
  return { name, origin, fields }
}

/** The resources that the caller has any right to. */
export const showResources = async (
  context: DomainContext,
  principal: Principal,
  tenant: Membership,
): Promise<ShownResource[]> => {
  const resources = await listResources(context, tenant.organizationId)
  return resources.flatMap(resource => show(resource, principal, tenant) ?? [])
}

/** @throws DomainError NOT_FOUND; INSUFFICIENT_PERMISSIONS if the caller has no right to it at all */
export const showResource = async (
  context: DomainContext,
  principal: Principal,
  tenant: Membership,
  name: string,
): Promise<ShownResource> => {
  const resource = await findResource(context, tenant.organizationId, name)
  const shown = show(resource, principal, tenant)
  if (shown) return shown
  throw new DomainError('INSUFFICIENT_PERMISSIONS', {
    message: `Your role, or the key as far as it goes, has no right to ${name}`,
    detail: { required: [`${name}:read`], missing: [`${name}:read`] },
  })
}
