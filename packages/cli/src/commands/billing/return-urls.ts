/** Where the browser goes after a payment: pages of the server that say that the terminal goes on. */
export const RETURN_URLS = { successUrl: '/payments/done', cancelUrl: '/payments/closed' } as const
