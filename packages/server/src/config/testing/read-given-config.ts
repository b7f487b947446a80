import { ConfigError } from '../config-error'
import { readConfig } from '../read-config'

/** Sources of a test, as if the server were started in /srv/snoop. */
export interface Given {
  argv?: string[]
  env?: Record<string, string | undefined>
  files?: Record<string, string>
}

export const read = ({ argv = [], env = {}, files = {} }: Given = {}) =>
  readConfig({
    argv,
    env,
    cwd: '/srv/snoop',
    readFile: path => {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' })
      return text
    },
  })

/** What is wrong with them; empty if nothing is. */
export const problemsOf = (given: Given): readonly string[] => {
  try {
    read(given)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** A configuration file, named on the command line. */
export const file = (settings: unknown): Given => ({
  argv: ['--config', 'snoop.json'],
  files: { '/srv/snoop/snoop.json': JSON.stringify(settings) },
})
