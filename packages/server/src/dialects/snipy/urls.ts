import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createShortLink } from '../../domain/short-links/create-short-link'
import { deleteShortLink } from '../../domain/short-links/delete-short-link'
import { getShortLink } from '../../domain/short-links/get-short-link'
import { listShortLinks } from '../../domain/short-links/list-short-links'
import { updateShortLink } from '../../domain/short-links/update-short-link'
import type { Handlers } from '../../http/request-context'
import { presentList, toPageRequest } from './present-list'
import { presentUrl } from './present-url'
import { readUrlChange } from './read-url-change'

export const urlHandlers = (domain: DomainContext) =>
  ({
    listUrls: async ({ query }, { tenant }) => {
      const { items, total } = await listShortLinks(domain, tenant.organizationId, toPageRequest(query))
      const urls = items.map(link => presentUrl(domain, link))
      return presentList('urls', urls, total, query)
    },

    addUrl: async ({ body }, { actor, tenant }) => {
      const input = { ...readUrlChange(body), longUrl: body.url }
      return presentUrl(domain, await createShortLink(domain, actor, tenant.organizationId, input))
    },

    getUrl: async ({ params: { id } }, { tenant }) =>
      presentUrl(domain, await getShortLink(domain, tenant.organizationId, id)),

    updateUrl: async ({ params: { id }, body }, { actor, tenant }) => {
      const change = readUrlChange(body)
      return presentUrl(domain, await updateShortLink(domain, actor, tenant.organizationId, id, change))
    },

    deleteUrl: async ({ params: { id } }, { actor, tenant }) => {
      await deleteShortLink(domain, actor, tenant.organizationId, id)
      return { id }
    },
  }) satisfies Partial<Handlers<Contract>['snipy']>
