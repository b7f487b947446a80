import type { TestAnswer, TestCall, TestServer, TestUser } from './start-test-server'

/** Somebody with a token for the snaptrack surface. */
export interface SnaptrackReader extends TestUser {
  readonly token: string
}

/** Who calls the snaptrack surface of a server, and how. */
export interface SnaptrackReaders {
  /** Ends the token that the user had before. */
  makeToken(user: TestUser): Promise<string>
  /** @param card of the sandbox, such as `pays` */
  buy(user: TestUser, tierId: string, card?: string): Promise<void>
  /** Somebody new. @param tierId undefined: who has bought nothing */
  signUp(tierId?: string, card?: string, name?: string): Promise<SnaptrackReader>
  call(token: string, method: string, path: string, body?: unknown, more?: TestCall): Promise<TestAnswer>
}

const URLS = { successUrl: '/done', cancelUrl: '/billing' }

export const snaptrackReaders = (server: TestServer): SnaptrackReaders => {
  const makeToken = async (user: TestUser): Promise<string> =>
    (await server.createKey(user, { format: 'snt', scopes: undefined })).key

  const buy = async ({ cookie, organizationId }: TestUser, tierId: string, card = 'pays') => {
    const body = { tierId, interval: 'month', seatCount: 2, ...URLS }
    const path = `/api/user/organizations/${organizationId}/payments`
    const { data } = (await server.call('POST', `${path}/checkout`, { cookie, body })).body
    const paid = await server.call('POST', `/api/sandbox/checkouts/${data.sessionId}/pay`, { body: { card } })
    if (paid.status !== 200) throw new Error(`The sandbox answers ${paid.status}`)
  }

  return {
    makeToken,
    buy,
    signUp: async (tierId, card, name) => {
      const user = await server.signUp(name)
      if (tierId !== undefined) await buy(user, tierId, card)
      return { ...user, token: await makeToken(user) }
    },
    call: (token, method, path, body, more = {}) =>
      server.call(method, path, {
        ...(body !== undefined && { body }),
        ...more,
        headers: { authorization: `Bearer ${token}`, ...more.headers },
      }),
  }
}
