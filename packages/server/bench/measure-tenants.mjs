import { join } from 'node:path'
import { createAccount } from '../../../scripts/server/create-account.mjs'
import { startServer } from '../../../scripts/server/start-server.mjs'
import { withTemporaryFolder } from '../../../scripts/temporary-folder.mjs'
import { fillTenants } from './fill-tenants.mjs'
import { median } from './statistics.mjs'

const JOINED = 10

/** Routes of one organization, and the list of the caller's own; each as often as the others. */
const ROUTES = {
  'list organizations': () => '/api/user/organizations',
  'get organization': id => `/api/user/organizations/${id}`,
  'list members': id => `/api/user/organizations/${id}/members`,
  'my membership': id => `/api/user/organizations/${id}/my-membership`,
  'list projects': id => `/api/user/organizations/${id}/projects`,
  'get project': id => `/api/user/organizations/${id}/projects/${id}-3`,
}

const serveTenants = async (dataDir, organizations, args) => {
  const first = await startServer({ dataDir, args: ['--dev', ...args] })
  const { apiKey } = await createAccount(first, ['user:read', 'projects:read'])
  const headers = { 'x-api-key': apiKey }
  const { data } = await (await fetch(`${first.url}/api/user/me`, { headers })).json()
  await first.stop()
  const ids = fillTenants({ dataDir, organizations, joined: JOINED, userId: data.id })
  const server = await startServer({ dataDir, args })
  return { server, headers, ids }
}

const timeOf = async ({ server, headers, ids }, pathOf, count) => {
  const times = []
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now()
    const response = await fetch(server.url + pathOf(ids[number % ids.length]), { headers })
    await response.arrayBuffer()
    times.push(performance.now() - startedAt)
    if (!response.ok) throw new Error(`${pathOf(ids[0])} answered ${response.status}`)
  }
  return median(times)
}

/**
 * What routes of a tenant cost among few organizations and among many, in turns, one request after another.
 * @param {{ few: number, many: number, rounds: number, requests: number, args: readonly string[] }} options
 * @returns {Promise<{ name: string, fewMs: number, manyMs: number }[]>} medians
 */
export const measureTenants = ({ few, many, rounds, requests, args }) =>
  withTemporaryFolder(async folder => {
    const ofFew = await serveTenants(join(folder, 'few'), few, args)
    const ofMany = await serveTenants(join(folder, 'many'), many, args)
    try {
      const results = []
      for (const [name, pathOf] of Object.entries(ROUTES)) {
        const measure = stage => timeOf(stage, pathOf, requests)
        await measure(ofFew) // Only warms up.
        await measure(ofMany)
        const pairs = []
        for (let round = 0; round < rounds; round += 1)
          pairs.push({ few: await measure(ofFew), many: await measure(ofMany) })
        results.push({
          name,
          fewMs: median(pairs.map(pair => pair.few)),
          manyMs: median(pairs.map(pair => pair.many)),
        })
      }
      return results
    } finally {
      await ofFew.server.stop()
      await ofMany.server.stop()
    }
  })
