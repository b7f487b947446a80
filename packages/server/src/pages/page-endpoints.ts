import { defineEndpoint, type Endpoint } from '@snoop/sdk/contract'
import { z } from 'zod'
import type { Dialect, Route } from '../http/dialect'

/** The shell of a page. What it is about comes in the fragment of its address, and is asked for by its script. */
const definePage = (path: string, summary: string, message: string): Endpoint =>
  defineEndpoint({
    method: 'GET',
    path,
    summary,
    access: { kind: 'public' },
    response: z.null(),
    status: 200,
    message,
    errors: [],
  })

/** The link from the password reset mail leads here, with its token in the fragment. No part of the API. */
export const RESET_PASSWORD_PAGE = definePage(
  '/reset-password',
  'Show the page on which to choose a new password',
  'Choose a new password',
)

/** The link from the mail of an invitation leads here, with its token as the fragment. */
export const INVITES_PAGE = definePage(
  '/invites',
  'Show the page on which to accept an invitation',
  'You are invited',
)

/** Where a browser may go after a payment; who began it in a terminal has no page of its own. */
export const PAID_PAGE = definePage('/payments/done', 'Say that a payment was made', 'The payment was made')

/** The same for who turned back, or looked after payments. */
export const NOT_PAID_PAGE = definePage(
  '/payments/closed',
  'Say that nothing more was paid',
  'Nothing more was paid',
)

/** Where the sandbox is paid, with the id of the checkout as the fragment. */
export const CHECKOUT_PAGE = definePage(
  '/sandbox/checkout',
  "Show the sandbox's page on which to pay",
  'Sandbox checkout',
)

/** Where what is paid to the sandbox is managed, with the id of the portal session as the fragment. */
export const PORTAL_PAGE = definePage(
  '/sandbox/portal',
  "Show the sandbox's page on which a subscription is managed",
  'Sandbox billing',
)

const routeOf = (pages: Dialect, name: string, endpoint: Endpoint): Route => ({
  name: `pages.${name}`,
  endpoint,
  dialect: pages,
  handle: () => null,
})

/** The pages that have an address of their own. @param isSandbox whether payments are made in the sandbox */
export const pageRoutes = (pages: Dialect, { isSandbox }: { readonly isSandbox: boolean }): Route[] => [
  routeOf(pages, 'resetPassword', RESET_PASSWORD_PAGE),
  routeOf(pages, 'invites', INVITES_PAGE),
  routeOf(pages, 'paid', PAID_PAGE),
  routeOf(pages, 'notPaid', NOT_PAID_PAGE),
  ...(isSandbox
    ? [routeOf(pages, 'sandboxCheckout', CHECKOUT_PAGE), routeOf(pages, 'sandboxPortal', PORTAL_PAGE)]
    : []),
]
