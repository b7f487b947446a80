// A step of a CI job: makes sure that a project is there and active, and tells the job by its exit code what went wrong.
//   SNOOP_URL=https://auth.example.com SNOOP_API_KEY=ba_… npx tsx examples/ci-script.ts shop
import { createClient, type Project, SnoopApiError, type SnoopClient, SnoopError } from '@snoop/sdk'

const findProject = async (
  snoop: SnoopClient,
  organizationId: string,
  slug: string,
): Promise<Project | undefined> => {
  for await (const project of snoop.projects.list({ organizationId, q: slug })) {
    if (project.slug === slug) return project
  }
  return undefined
}

const activateProject = async (snoop: SnoopClient, slug: string): Promise<Project> => {
  // A key that is pinned to an organization sees that one alone.
  const { data: organizations } = await snoop.organizations.list({ limit: 1 })
  const organizationId = organizations[0]?.id
  if (organizationId === undefined) throw new Error('The key is good for no organization')

  const existing = await findProject(snoop, organizationId, slug)
  if (existing === undefined) {
    return snoop.projects.create({ organizationId, name: slug, slug, status: 'active' })
  }
  return snoop.projects.update({ organizationId, id: existing.id, status: 'active' })
}

/** 0 done, 1 refused (the job must be mended), 75 not reached or busy (the job may be run again). */
const explain = (error: unknown): number => {
  if (!SnoopError.is(error)) throw error
  const isWorthAnotherTry =
    !SnoopApiError.is(error) || error.status >= 500 || error.code === 'RATE_LIMIT_ERROR'
  console.error(error.message)
  if (SnoopApiError.is(error)) console.error(`${error.code}, request ${error.requestId}`)
  return isWorthAnotherTry ? 75 : 1
}

const { SNOOP_URL: baseUrl, SNOOP_API_KEY: apiKey } = process.env
if (!baseUrl || !apiKey) throw new Error('Set SNOOP_URL and SNOOP_API_KEY')

const snoop = createClient({ baseUrl, apiKey, userAgent: 'example-ci/1.0' })
try {
  const project = await activateProject(snoop, process.argv[2] ?? 'shop')
  console.log(`${project.slug} is ${project.status}`)
} catch (error) {
  process.exitCode = explain(error)
} finally {
  await snoop.close()
}
