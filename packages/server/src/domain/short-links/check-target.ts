import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { isShortUrl } from './short-link'

/** Makes sure that a short link may lead to a URL. @throws DomainError VALIDATION_ERROR */
export const checkTarget = (context: Pick<DomainContext, 'settings'>, longUrl: string): void => {
  if (!URL.canParse(longUrl)) throw invalidField('url', 'Invalid url')
  const url = new URL(longUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalidField('url', 'Must begin with http:// or https://')
  if (url.username !== '' || url.password !== '')
    throw invalidField(
      'url',
      'Must not contain a user name or password: everybody who opens the link sees it',
    )
  if (isShortUrl(context, url))
    throw invalidField('url', 'Must not be a short URL of this server: give the URL that it leads to')
}
