import { type CookieJar, createCookieJar, serializeCookieJar } from '@snoop/sdk'
import type { CommandContext } from '../context'
import { keepDevice, keepRenewedSession, type StoredSession } from './session'
import { joinJars, readSessionCookie, subjectOfCookie } from './session-jar'

/** The cookies of a stored session, which are in the store again before an answer that changes them is looked at. */
export interface KeptJar extends CookieJar {
  /** The session as it is stored now. */
  stored(): StoredSession
  /** The server gave it a new secret, and with it a new id. */
  isReplaced(): boolean
}

/**
 * A jar for a client of this session. Whatever becomes of a call, the cookie that came with its answer is kept: the one
 * before it may be dead.
 * @param device the jar of the device, if the calls are about it
 */
export const createKeptJar = (
  context: CommandContext,
  session: StoredSession,
  device: string | null,
): KeptJar => {
  const jar = createCookieJar(joinJars(session.jar, device))
  const secret = readSessionCookie(session.jar)?.value
  let stored = session
  return {
    getCookieString: url => jar.getCookieString(url),
    async setCookie(cookie, url) {
      await jar.setCookie(cookie, url)
      const subject = subjectOfCookie(cookie)
      if (subject === 'session') stored = await keepRenewedSession(context, stored, serializeCookieJar(jar))
      if (subject === 'device') await keepDevice(context, serializeCookieJar(jar))
    },
    stored: () => stored,
    isReplaced: () => readSessionCookie(stored.jar)?.value !== secret,
  }
}
