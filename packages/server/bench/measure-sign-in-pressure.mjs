import { runLoad } from './run-load.mjs'

/** A rate that leaves the server idle most of the time, so that a wait is seen as one. */
const PROBES_PER_SECOND = 200

/**
 * How long a read waits when nothing else happens, and while 50 people sign in at the same time, over and over.
 * @param {{ url: string, headers: Record<string, string>, signIn: { url: string, people: { email: string, password: string }[] }, seconds: number }} options
 */
export const measureSignInPressure = async ({ url, headers, signIn, seconds }) => {
  const probe = () => runLoad('probe.mjs', { url, headers, seconds, perSecond: PROBES_PER_SECOND })
  const idle = await probe()
  const signingIn = runLoad('load.mjs', {
    url: signIn.url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    bodies: signIn.people.map(person => JSON.stringify(person)),
    connections: signIn.people.length,
    duration: seconds + 1,
    timeout: 60,
  })
  const [busy, signIns] = await Promise.all([probe(), signingIn])
  return { idle, busy, signInsPerSecond: signIns.perSecond, p99Ratio: busy.p99Ms / idle.p99Ms }
}
