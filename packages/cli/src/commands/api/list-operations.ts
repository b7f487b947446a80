import { listEndpoints } from '@snoop/sdk/contract'
import { usageError } from '../../cli-error'
import type { Field, Output } from '../../output/output'

interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly summary: string
}

const fields: readonly Field<Operation>[] = [
  { label: 'OPERATION', value: operation => operation.name, isId: true },
  { label: 'METHOD', value: operation => operation.method },
  { label: 'PATH', value: operation => operation.path, isCuttable: true },
  { label: 'SUMMARY', value: operation => operation.summary, isCuttable: true },
]

/**
 * Lists what the contract has; nothing is asked of a server.
 * @param start how the names of the operations begin, such as `snipy`
 * @throws CliError (exit 2) if none begins so
 */
export const listOperations = (output: Output, start = ''): Promise<void> => {
  const found = listEndpoints().filter(({ name }) => name.startsWith(start))
  if (found.length === 0) throw usageError(`No operation begins with ${start}.`, 'See:  snoop api --list')
  return output.list(
    found.map(({ name, endpoint: { method, path, summary } }) => ({ name, method, path, summary })),
    fields,
  )
}
