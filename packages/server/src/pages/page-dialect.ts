import { contract, type Endpoint, type SignedIn, type TwoFactorChallenge } from '@snoop/sdk/contract'
import type { Dialect, RenderedPage } from '../http/dialect'
import { renderInvitesPage } from './invites/invites-page'
import { isLinkEndpoint, type LinkAnswer } from './links/link-endpoints'
import { renderLinkAnswer } from './links/render-link-answer'
import {
  CHECKOUT_PAGE,
  INVITES_PAGE,
  NOT_PAID_PAGE,
  PAID_PAGE,
  PORTAL_PAGE,
  RESET_PASSWORD_PAGE,
} from './page-endpoints'
import { renderResetPasswordPage } from './reset-password/reset-password-page'
import { renderDonePage } from './result/done-page'
import { renderErrorPage } from './result/error-page'
import { renderCheckoutPage } from './sandbox/checkout-page'
import { renderPortalPage } from './sandbox/portal-page'
import { renderMagicLinkPage } from './sign-in/magic-link-page'
import { renderSecondFactorPage } from './sign-in/second-factor-page'

/** What answers of links tell, by the fields that they have. */
type LinkData = Partial<SignedIn & TwoFactorChallenge & { readonly email: string }>

const detailsOf = ({ user, email }: LinkData): string[] => [
  ...(user ? [`You are signed in as ${user.email}.`] : []),
  ...(email === undefined ? [] : [`${email} is confirmed.`]),
]

/** Shows to people, as pages, what links from mails lead to. @param origin of the server */
export const createPageDialect = (origin: string): Dialect => {
  const { host } = new URL(origin)
  const magicLinkPage = renderMagicLinkPage(host)
  const shells: ReadonlyMap<Endpoint, RenderedPage> = new Map([
    [RESET_PASSWORD_PAGE, renderResetPasswordPage(host)],
    [INVITES_PAGE, renderInvitesPage(host)],
    [CHECKOUT_PAGE, renderCheckoutPage(host)],
    [PORTAL_PAGE, renderPortalPage(host)],
    ...[PAID_PAGE, NOT_PAID_PAGE].map(
      page => [page, renderDonePage(host, page.status, page.message, [])] as const,
    ),
  ])
  return {
    name: 'pages',
    keyFormats: [],
    takesAccessTokens: false,
    readCredential: () => undefined,
    askBefore: endpoint => (endpoint === contract.auth.openMagicLink ? magicLinkPage : undefined),
    renderSuccess: (endpoint, data) => {
      const shell = shells.get(endpoint)
      if (shell) return shell
      if (isLinkEndpoint(endpoint)) return renderLinkAnswer(host, endpoint, data as LinkAnswer)
      const linkData = data as LinkData
      if (linkData.challengeToken !== undefined)
        return renderSecondFactorPage(host, linkData as TwoFactorChallenge)
      return renderDonePage(host, endpoint.status, endpoint.message, detailsOf(linkData))
    },
    renderError: (error, requestId) => renderErrorPage(host, error, requestId),
  }
}
