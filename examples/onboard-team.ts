// Founds an organization for a team, invites its people, and says what the plan has left and what was written down.
//   SNOOP_URL=https://auth.example.com SNOOP_EMAIL=ada@example.com SNOOP_PASSWORD=… npx tsx examples/onboard-team.ts
import { createClient, createCookieJar, SnoopApiError } from '@snoop/sdk'

const { SNOOP_URL: baseUrl, SNOOP_EMAIL: email, SNOOP_PASSWORD: password } = process.env
if (!baseUrl || !email || !password) throw new Error('Set SNOOP_URL, SNOOP_EMAIL and SNOOP_PASSWORD')

const snoop = createClient({ baseUrl, cookieJar: createCookieJar() })
const signedIn = await snoop.auth.signInEmail({ email, password })
if ('challengeToken' in signedIn) throw new Error('This account needs a second factor: see sign-in.ts')

const { id: organizationId, name } = await snoop.organizations.create({ name: 'Rocket team' })
console.log(`Founded ${name}`)

// All of them or none. Sent again after a lost answer, it still makes one invitation for each.
const invites = ['grace@example.com', 'linus@example.com', 'margaret@example.com', 'alan@example.com']
try {
  await snoop.invites.send({ organizationId, invites: invites.map(address => ({ email: address })) })
} catch (error) {
  if (!SnoopApiError.is(error) || error.code !== 'PLAN_LIMIT_REACHED') throw error
  console.log(error.message)
  await snoop.invites.send({ organizationId, invites: [{ email: 'grace@example.com', role: 'admin' }] })
}
for await (const { email: address, role, expiresAt } of snoop.invites.list({ organizationId })) {
  console.log(`Invited ${address} as ${role}, until ${expiresAt}`)
}

const { plan, seats } = await snoop.payments.usage({ organizationId })
console.log(`The ${plan} plan: ${seats.used} of ${seats.limit} seats are taken`)

for await (const { action, outcome, createdAt } of snoop.auditLogs.list({ organizationId })) {
  console.log(`${createdAt} ${action} ${outcome}`)
}
await snoop.auth.signOut()
await snoop.close()
