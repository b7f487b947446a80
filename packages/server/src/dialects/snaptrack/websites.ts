import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createWebsite } from '../../domain/websites/create-website'
import { deleteWebsite } from '../../domain/websites/delete-website'
import { getWebsite } from '../../domain/websites/get-website'
import { listWebsites } from '../../domain/websites/list-websites'
import { updateWebsite } from '../../domain/websites/update-website'
import type { Handlers } from '../../http/request-context'
import { presentList, toPageRequest } from './present-list'
import { presentWebsite } from './present-website'
import { readWebsiteBody } from './read-website-body'

export const websiteHandlers = (domain: DomainContext) =>
  ({
    listWebsites: async ({ query: { page } }, { tenant }) => {
      const { items, total } = await listWebsites(domain, tenant.organizationId, toPageRequest(page))
      return presentList(items.map(presentWebsite), total, page)
    },

    createWebsite: async ({ body }, { actor, tenant }) => {
      const input = readWebsiteBody(body)
      const website = await createWebsite(domain, actor, tenant.organizationId, input)
      return { success: true, data: presentWebsite(website) }
    },

    getWebsite: async ({ params: { id } }, { tenant }) => ({
      data: presentWebsite(await getWebsite(domain, tenant.organizationId, id)),
    }),

    updateWebsite: async ({ params: { id }, body }, { actor, tenant }) => {
      const change = readWebsiteBody(body)
      const website = await updateWebsite(domain, actor, tenant.organizationId, id, change)
      return { success: true, data: presentWebsite(website) }
    },

    deleteWebsite: async ({ params: { id } }, { actor, tenant }) => {
      await deleteWebsite(domain, actor, tenant.organizationId, id)
      return { success: true, message: 'Website deleted' }
    },
  }) satisfies Partial<Handlers<Contract>['snaptrack']>
