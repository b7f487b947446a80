import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createWebsite } from '../../domain/websites/create-website'
import { deleteWebsite } from '../../domain/websites/delete-website'
import { getWebsite } from '../../domain/websites/get-website'
import { listWebsites } from '../../domain/websites/list-websites'
import { updateWebsite } from '../../domain/websites/update-website'
import type { Handlers } from '../../http/request-context'
import { pageOf15 } from './page-of-15'
import { presentWebsite } from './present-website'

type WebsiteHandlers = Pick<
  Handlers<Contract>['snaptrack'],
  'listWebsites' | 'createWebsite' | 'getWebsite' | 'updateWebsite' | 'deleteWebsite'
>

export const websiteHandlers = (domain: DomainContext): WebsiteHandlers => ({
  listWebsites: async ({ query: { page } }, { tenant }) => {
    const { items, total } = await listWebsites(domain, tenant.organizationId, pageOf15(page))
    return { data: items.map(presentWebsite), meta: { current_page: page, total } }
  },

  createWebsite: async ({ body }, { actor, tenant }) => {
    const {
      viewport_width: viewportWidth,
      viewport_height: viewportHeight,
      full_page: isFullPage,
      ...rest
    } = body
    const input = { ...rest, viewportWidth, viewportHeight, isFullPage }
    const website = await createWebsite(domain, actor, tenant.organizationId, input)
    return { success: true, data: presentWebsite(website) }
  },

  getWebsite: async ({ params: { id } }, { tenant }) => ({
    data: presentWebsite(await getWebsite(domain, tenant.organizationId, id)),
  }),

  updateWebsite: async ({ params: { id }, body }, { actor, tenant }) => {
    const {
      viewport_width: viewportWidth,
      viewport_height: viewportHeight,
      full_page: isFullPage,
      ...rest
    } = body
    const change = { ...rest, viewportWidth, viewportHeight, isFullPage }
    const website = await updateWebsite(domain, actor, tenant.organizationId, id, change)
    return { success: true, data: presentWebsite(website) }
  },

  deleteWebsite: async ({ params: { id } }, { actor, tenant }) => {
    await deleteWebsite(domain, actor, tenant.organizationId, id)
    return { success: true, message: 'Website deleted' }
  },
})
