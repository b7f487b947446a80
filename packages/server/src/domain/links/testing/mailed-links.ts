import type { UserRow } from '../../../storage/stores/user-store'
import type { TestDomain } from '../../../testing/test-domain'
import { signUp } from '../../accounts/sign-up'
import { verifyEmail } from '../../accounts/verification-mail'
import { answerMailRequests } from '../../mail-requests/answer-mail-requests'
import { type MailRequest, requestMail } from '../../mail-requests/request-mail'
import type { SessionPrincipal } from '../../principals/principal'
import { resolveSession } from '../../principals/resolve-session'
import { signInByPassword } from '../../sign-in/sign-in-by-password'
import type { Visit } from '../../sign-in/visit'

export const PASSWORD = 'a-long-secure-passphrase'

const NOBODY: Visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}

/** From a program that was never seen, with no cookie, unless said. */
export const visitOf = (more: Partial<Visit> = {}): Visit => ({ ...NOBODY, ...more })

/** What people with links from mails do, over the domain. */
export const mailedLinks = (domain: TestDomain) => {
  const { context, storage, mails } = domain
  let counter = 0

  const mailsTo = (address: string, subject = /./) =>
    mails.filter(mail => mail.to === address && subject.test(mail.subject))

  /** Of the links to an address, oldest first. */
  const tokensTo = (address: string, path = ''): string[] =>
    mailsTo(address).flatMap(({ link }) =>
      link?.includes(path) ? [new URL(link).searchParams.get('token') ?? ''] : [],
    )

  const find = async (email: string): Promise<UserRow> => {
    const user = await storage.users.findByEmail(email)
    if (!user) throw new Error('no such account')
    return user
  }

  /** An account whose mailbox nobody has proved yet. @returns its address */
  const signUpUnverified = async (
    email = `someone-${++counter}-${context.newId()}@example.com`.toLowerCase(),
  ) => {
    await signUp(context, { email, password: PASSWORD, fullName: 'Ada', callbackUrl: undefined })
    return email
  }

  /** @returns its address */
  const signUpVerified = async (email?: string): Promise<string> => {
    const address = await signUpUnverified(email)
    await verifyEmail(context, tokensTo(address).at(-1) ?? '')
    return address
  }

  /** Asks for a mail and has it answered. @returns the token of the newest link to the address, or `''` */
  const ask = async (
    purpose: MailRequest['purpose'],
    email: string,
    more: Partial<MailRequest> = {},
  ): Promise<string> => {
    const before = tokensTo(email).length
    await requestMail(context, { purpose, email, callbackUrl: undefined, remember: true, ...more })
    await answerMailRequests(context)
    return tokensTo(email).slice(before).at(-1) ?? ''
  }

  const signIn = (email: string, password = PASSWORD, visit = NOBODY) =>
    signInByPassword(context, { email, password, remember: true }, visit)

  /** A session of an account, by its password. */
  const openSession = async (email: string): Promise<SessionPrincipal> => {
    const outcome = await signIn(email)
    if (outcome.outcome !== 'signed-in') throw new Error('a second factor was asked for')
    return resolveSession(context, outcome.opened.token)
  }

  const liveSessions = async (email: string): Promise<string[]> =>
    (await storage.sessions.listLive((await find(email)).id, domain.now())).map(({ id }) => id)

  return { mailsTo, tokensTo, find, signUpUnverified, signUpVerified, ask, signIn, openSession, liveSessions }
}

export type MailedLinks = ReturnType<typeof mailedLinks>
