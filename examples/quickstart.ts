// Reads the account behind an API key, and works with the projects of its first organization.
//   SNOOP_URL=https://auth.example.com SNOOP_API_KEY=ba_… npx tsx examples/quickstart.ts
// The key needs the scopes user:read, projects:read and projects:write.
import { createClient } from '@snoop/sdk'

const { SNOOP_URL: baseUrl, SNOOP_API_KEY: apiKey } = process.env
if (!baseUrl || !apiKey) throw new Error('Set SNOOP_URL and SNOOP_API_KEY')

const snoop = createClient({ baseUrl, apiKey })

const me = await snoop.user.me()
console.log(`Signed in as ${me.fullName} <${me.email}>`)

const {
  data: [organization],
} = await snoop.organizations.list({ limit: 1 })
if (!organization) throw new Error('This account is in no organization')
const organizationId = organization.id

const project = await snoop.projects.create({
  organizationId,
  name: 'Shop',
  website: 'https://shop.example.com',
  status: 'active',
})
console.log(`Created ${project.name} (${project.slug}) in ${organization.name}`)

// A list can be iterated; further pages are fetched as they are needed.
for await (const { name, status } of snoop.projects.list({ organizationId, sort: 'name' })) {
  console.log(`- ${name}: ${status}`)
}

await snoop.projects.delete({ organizationId, id: project.id })
await snoop.close()
