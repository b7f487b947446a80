import { defineEndpoint } from '@snoop/sdk/contract'
import { z } from 'zod'
import type { Dialect, Route } from '../http/dialect'

/** The link from the password reset mail leads here, with its token in the fragment. No part of the API. */
export const RESET_PASSWORD_PAGE = defineEndpoint({
  method: 'GET',
  path: '/reset-password',
  summary: 'Show the page on which to choose a new password',
  access: { kind: 'public' },
  response: z.null(),
  status: 200,
  message: 'Choose a new password',
  errors: [],
})

/** The pages that have an address of their own. */
export const pageRoutes = (pages: Dialect): Route[] => [
  { name: 'pages.resetPassword', endpoint: RESET_PASSWORD_PAGE, dialect: pages, handle: () => null },
]
