import { expect, vi } from 'vitest'
import type { TestServer } from '../../testing/start-test-server'

export type LinkReader = (email: string, path: string) => Promise<string>

/** Reads the next mailed link to an endpoint, as path and query; none is read twice. @param server asked at each call */
export const createLinkReader = (server: () => TestServer): LinkReader => {
  const seen = new Set<string>()
  return (email, path) =>
    vi.waitFor(async () => {
      const { text = '' } = await server().mail(email)
      const link = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
      expect(link).toContain(path)
      expect(seen).not.toContain(link)
      seen.add(link)
      return link.slice(server().url.length)
    }, 10_000)
}
