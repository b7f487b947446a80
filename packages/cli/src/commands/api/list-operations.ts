import { listEndpoints } from '@snoop/sdk/contract'
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

/** Lists what the contract has; nothing is asked of a server. */
export const listOperations = (output: Output): Promise<void> =>
  output.list(
    listEndpoints().map(({ name, endpoint: { method, path, summary } }) => ({ name, method, path, summary })),
    fields,
  )
