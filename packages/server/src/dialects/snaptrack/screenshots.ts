import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { downloadScreenshot } from '../../domain/screenshots/download-screenshot'
import { getScreenshot } from '../../domain/screenshots/get-screenshot'
import { listScreenshots } from '../../domain/screenshots/list-screenshots'
import { requestScreenshot } from '../../domain/screenshots/request-screenshot'
import { FileAnswer, type Handlers } from '../../http/request-context'
import { presentList, toPageRequest } from './present-list'
import { presentScreenshot } from './present-screenshot'

export const screenshotHandlers = (domain: DomainContext) =>
  ({
    takeScreenshot: async ({ params: { id } }, { actor, tenant }) => ({
      success: true,
      message: 'Screenshot job queued successfully',
      job_id: await requestScreenshot(domain, actor, tenant.organizationId, id),
    }),

    listScreenshots: async ({ query: { page, website_id } }, { tenant }) => {
      const { organizationId } = tenant
      const { items, total } = await listScreenshots(domain, organizationId, toPageRequest(page), website_id)
      return presentList(items.map(presentScreenshot), total, page)
    },

    getScreenshot: async ({ params: { id } }, { tenant }) => ({
      data: presentScreenshot(await getScreenshot(domain, tenant.organizationId, id)),
    }),

    downloadScreenshot: async ({ params: { id } }, { tenant }) => {
      const image = await downloadScreenshot(domain, tenant.organizationId, id)
      return new FileAnswer('image/png', `screenshot-${id}.png`, image)
    },
  }) satisfies Partial<Handlers<Contract>['snaptrack']>
