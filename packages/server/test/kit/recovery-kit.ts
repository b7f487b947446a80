import type { TestCall, TestServer } from '../../src/testing/start-test-server'

export const MINUTE = 60_000
export const NEW_PASSWORD = 'another-long-passphrase'

/** Subjects of the mails with links, to pick one among several. */
export const SUBJECTS = {
  reset: /^Reset your password/,
  magic: /^Your link to sign in/,
  verify: /^Confirm your e-mail address/,
  change: /^Confirm your new/,
}

export interface Person {
  readonly email: string
  readonly password: string
  readonly cookie: string
}

/** What people who open links from mails do, over HTTP. */
export const recoveryKit = (server: TestServer) => {
  server.secrets.add(NEW_PASSWORD)

  const post = (path: string, body: unknown, call: TestCall = {}) =>
    server.call('POST', `/api/auth${path}`, { ...call, body })

  /** Follows a link as a program does. */
  const open = ({ pathname, search }: URL, call: TestCall = {}) => server.call('GET', pathname + search, call)

  /** The link in the newest of `count` mails with such a subject. */
  const linkIn = async (email: string, mail: keyof typeof SUBJECTS, count = 1): Promise<URL> => {
    const { text } = await server.mail(email, count, SUBJECTS[mail])
    return new URL(/\S+\?token=\S+/.exec(text ?? '')?.[0] ?? '')
  }

  const signIn = ({ email, password }: Pick<Person, 'email' | 'password'>, call: TestCall = {}) =>
    post('/sign-in/email', { email, password }, call)

  return {
    post,
    open,
    linkIn,
    tokenOf: (link: URL): string => link.searchParams.get('token') ?? '',
    signIn,
    isLive: async (cookie: string | undefined): Promise<boolean> =>
      (await server.call('GET', '/api/auth/get-session', { cookie })).status === 200,
    /** Somebody with a verified address. */
    newPerson: async (): Promise<Person> => {
      const user = await server.signUp()
      await open(await linkIn(user.email, 'verify'))
      return user
    },
    askFor: {
      reset: (email: string, more: object = {}) => post('/request-password-reset', { email, ...more }),
      magic: (email: string, more: object = {}) => post('/sign-in/magic-link', { email, ...more }),
      resend: (email: string, more: object = {}) => post('/send-verification-email', { email, ...more }),
    },
    resetBy: (token: string, newPassword = NEW_PASSWORD) => post('/reset-password', { token, newPassword }),
  }
}

export type RecoveryKit = ReturnType<typeof recoveryKit>
