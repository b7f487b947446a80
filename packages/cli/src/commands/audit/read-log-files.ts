import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type AuditChain, auditChainSchema } from '@snoop/sdk/contract'
import { type CliError, usageError } from '../../cli-error'

const unreadable = (path: string): CliError => usageError(`${path} cannot be read.`)

/**
 * The lines of a file, however long it is.
 * @throws CliError (exit 2) if it cannot be read
 */
export async function* readLines(path: string): AsyncGenerator<string, void, undefined> {
  let rest = ''
  try {
    for await (const piece of createReadStream(path, 'utf8')) {
      const [first = '', ...others] = String(piece).split('\n')
      const last = others.pop()
      if (last === undefined) {
        rest += first
        continue
      }
      yield rest + first
      yield* others
      rest = last
    }
  } catch {
    throw unreadable(path)
  }
  if (rest !== '') yield rest
}

const dataOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'data' in value ? value.data : value

/**
 * The ends of a log as `snoop api auditLogs.chain` prints them, or the `data` of that alone.
 * @throws CliError (exit 2) if the file cannot be read or holds something else
 */
export const readChainFile = async (path: string): Promise<AuditChain> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw unreadable(path)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const { data } = auditChainSchema.safeParse(dataOf(value))
  if (data) return data
  throw usageError(`${path} does not hold the ends of an audit log.`, 'Make it:  snoop api auditLogs.chain')
}
