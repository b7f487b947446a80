import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { downloadScreenshot } from '../../domain/screenshots/download-screenshot'
import { getScreenshot } from '../../domain/screenshots/get-screenshot'
import { listScreenshots } from '../../domain/screenshots/list-screenshots'
import { requestScreenshot } from '../../domain/screenshots/request-screenshot'
import { FileAnswer, type Handlers } from '../../http/request-context'
import { pageOf15 } from './page-of-15'
import { presentScreenshot } from './present-screenshot'

type ScreenshotHandlers = Pick<
  Handlers<Contract>['snaptrack'],
  'takeScreenshot' | 'listScreenshots' | 'getScreenshot' | 'downloadScreenshot'
>

export const screenshotHandlers = (domain: DomainContext): ScreenshotHandlers => ({
  takeScreenshot: async ({ params: { id } }, { actor, tenant }) => ({
    success: true,
    message: 'Screenshot job queued successfully',
    job_id: await requestScreenshot(domain, actor, tenant.organizationId, id),
  }),

  listScreenshots: async ({ query: { page, website_id } }, { tenant }) => {
    const { organizationId } = tenant
    const { items, total } = await listScreenshots(domain, organizationId, pageOf15(page), website_id)
    return { data: items.map(presentScreenshot), meta: { current_page: page, total } }
  },

  getScreenshot: async ({ params: { id } }, { tenant }) => ({
    data: presentScreenshot(await getScreenshot(domain, tenant.organizationId, id)),
  }),

  downloadScreenshot: async ({ params: { id } }, { tenant }) => {
    const image = await downloadScreenshot(domain, tenant.organizationId, id)
    return new FileAnswer('image/png', `screenshot-${id}.png`, image)
  },
})
