/** Where the browser goes after a payment: the command waits or is asked, so any page of the server will do. */
export const RETURN_URLS = { successUrl: '/', cancelUrl: '/' } as const
