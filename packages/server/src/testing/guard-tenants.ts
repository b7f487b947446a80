import { DefaultQueryCompiler } from 'kysely'
import { findUnboundTable } from './tenant-guard'

// Imported by whatever opens a database for a test: a store that asks for rows of a tenant table without saying whose fails the test, whatever
// the test is about. Statements that tests write themselves are free.
const { compileQuery } = DefaultQueryCompiler.prototype

DefaultQueryCompiler.prototype.compileQuery = function guarded(node, queryId) {
  const table = findUnboundTable(node)
  if (table !== undefined && new Error().stack?.includes('/storage/stores/')) {
    throw new Error(`A statement on the tenant table "${table}" names no organization`)
  }
  return compileQuery.call(this, node, queryId)
}
