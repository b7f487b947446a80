import type { Resource, ShownResource } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Membership } from '../principals/enter'
import type { Principal } from '../principals/principal'
import { findResource, listResources } from './find-resource'
import { type ResourceCaller, seesDefinitions, shownFields } from './shown-fields'

/** Undefined: the caller has no right to it at all. Fields are those that it may read or write. */
const show = (resource: Resource, caller: ResourceCaller): ShownResource | undefined => {
  if (seesDefinitions(caller)) return resource
  const { name, origin } = resource
  const fields = shownFields(resource, caller)
  return fields && { name, origin, fields }
}

/** The resources that the caller has any right to. */
export const showResources = async (
  context: DomainContext,
  principal: Principal,
  tenant: Membership,
): Promise<ShownResource[]> => {
  const resources = await listResources(context, tenant.organizationId)
  return resources.flatMap(resource => show(resource, { principal, ...tenant }) ?? [])
}

/** @throws DomainError NOT_FOUND; INSUFFICIENT_PERMISSIONS if the caller has no right to it at all */
export const showResource = async (
  context: DomainContext,
  principal: Principal,
  tenant: Membership,
  name: string,
): Promise<ShownResource> => {
  const caller = { principal, ...tenant }
  const shown = show(await findResource(context, caller, name), caller)
  if (shown) return shown
  throw new DomainError('INSUFFICIENT_PERMISSIONS', {
    message: `Your role, or the key as far as it goes, has no right to ${name}`,
    detail: { required: [`${name}:read`], missing: [`${name}:read`] },
  })
}
