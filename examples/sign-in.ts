// Signs somebody in by password and, where the account asks for it, by a second factor typed in at the terminal.
//   SNOOP_URL=https://auth.example.com SNOOP_EMAIL=ada@example.com SNOOP_PASSWORD=… npx tsx examples/sign-in.ts
import { createInterface } from 'node:readline/promises'
import { createClient, createCookieJar, type SignedIn, type TwoFactorChallenge } from '@snoop/sdk'

const { SNOOP_URL: baseUrl, SNOOP_EMAIL: email, SNOOP_PASSWORD: password } = process.env
if (!baseUrl || !email || !password) throw new Error('Set SNOOP_URL, SNOOP_EMAIL and SNOOP_PASSWORD')

// The session lives in the jar, and so does what makes this device known; keep both to sign in less often.
const snoop = createClient({ baseUrl, cookieJar: createCookieJar() })

const ask = async (question: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question(question)).trim()
  } finally {
    terminal.close()
  }
}

const proveSecondFactor = async ({ methods, challengeToken }: TwoFactorChallenge): Promise<SignedIn> => {
  if (methods.includes('email')) await snoop.twoFactor.sendOtp({ challengeToken })
  const code = await ask('Code, or a backup code: ')
  const proof = { code, challengeToken }
  if (!/^\d{6}$/.test(code)) return snoop.twoFactor.verifyBackupCode(proof)
  return methods.includes('totp') ? snoop.twoFactor.verifyTotp(proof) : snoop.twoFactor.verifyOtp(proof)
}

const result = await snoop.auth.signInEmail({ email, password })
const { user, session } = 'challengeToken' in result ? await proveSecondFactor(result) : result
console.log(`Signed in as ${user.fullName} until ${session.expiresAt}`)

for (const { device, ipAddress, current } of await snoop.auth.listSessions()) {
  console.log(`- ${device} from ${ipAddress}${current ? ', this one' : ''}`)
}
await snoop.auth.signOut()
await snoop.close()
