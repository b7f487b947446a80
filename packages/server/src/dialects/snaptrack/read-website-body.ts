import type { NewWebsite } from '../../domain/websites/create-website'
import type { WebsiteChange } from '../../domain/websites/update-website'

/** What is said of a website, in the words of this surface. */
interface WebsiteBody extends Pick<NewWebsite, 'name' | 'url' | 'status'> {
  readonly viewport_width: number
  readonly viewport_height: number
  readonly full_page: boolean
}
type WebsiteChangeBody = { readonly [Field in keyof WebsiteBody]?: WebsiteBody[Field] | undefined }

export function readWebsiteBody(body: WebsiteBody): NewWebsite
export function readWebsiteBody(body: WebsiteChangeBody): WebsiteChange
export function readWebsiteBody({
  viewport_width: viewportWidth,
  viewport_height: viewportHeight,
  full_page: isFullPage,
  ...rest
}: WebsiteChangeBody): WebsiteChange {
  return { ...rest, viewportWidth, viewportHeight, isFullPage }
}
