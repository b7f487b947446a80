import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createResource } from '../../domain/resources/create-resource'
import { deleteResource } from '../../domain/resources/delete-resource'
import { showResource, showResources } from '../../domain/resources/show-resource'
import { updateResource } from '../../domain/resources/update-resource'
import type { Handlers } from '../../http/request-context'

export const resourceHandlers = (domain: DomainContext) =>
  ({
    listResources: async (_input, { principal, tenant }) => ({
      data: await showResources(domain, principal, tenant),
    }),

    createResource: async ({ body }, { actor, tenant }) => ({
      data: await createResource(domain, actor, tenant.organizationId, body),
    }),

    getResource: async ({ params: { resource } }, { principal, tenant }) => ({
      data: await showResource(domain, principal, tenant, resource),
    }),

    updateResource: async ({ params: { resource }, body }, { actor, tenant }) => ({
      data: await updateResource(domain, actor, tenant.organizationId, { name: resource, ...body }),
    }),

    deleteResource: async ({ params: { resource } }, { actor, tenant }) => {
      await deleteResource(domain, actor, tenant.organizationId, resource)
      return null
    },
  }) satisfies Partial<Handlers<Contract>['snaapi']>
