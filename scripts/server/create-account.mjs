import { randomBytes } from 'node:crypto'
import { waitForMail } from './read-outbox.mjs'

/**
 * Makes a verified account with an API key on a server that was started for a test or a benchmark.
 * @param {import('./start-server.mjs').RunningServer} server
 * @param {readonly string[]} scopes of the key
 */
export const createAccount = async (server, scopes) => {
  const email = 'ada@example.com'
  const password = randomBytes(18).toString('base64url')
  await post(`${server.url}/api/auth/sign-up/email`, { email, password, name: 'Ada Lovelace' })
  const { link } = await waitForMail(server.outbox, email)
  await expectOk(await fetch(link))
  const { cookie } = await post(`${server.url}/api/auth/sign-in/email`, { email, password })
  const key = await post(`${server.url}/api/auth/api-key/create`, { name: 'trial', scopes }, { cookie })
  return { email, password, cookie, apiKey: key.data.key }
}

const post = async (url, body, headers = {}) => {
  const response = await expectOk(
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
  const { data } = await response.json()
  const cookie = response.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
  return { data, cookie }
}

const expectOk = async response => {
  if (response.ok) return response
  throw new Error(`${response.status} from ${new URL(response.url).pathname}: ${await response.text()}`)
}
