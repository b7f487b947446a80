import type { RowQuery } from '../../storage/row-filter'
import type { PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import type { Row } from './row'

/** Where the rows of a resource are read. Rights are no matter of it. */
export interface RowSource {
  list(context: DomainContext, organizationId: string, query: RowQuery): Promise<PageResult<Row>>
  find(context: DomainContext, organizationId: string, id: string): Promise<Row | undefined>
  /** Missing: they cannot be written. */
  readonly writer?: RowWriter
}

/** A write of a row, of which the audit log tells. */
export interface RowWrite {
  readonly actor: Actor
  readonly organizationId: string
  readonly row: Row
  /** Fields that are given or taken a value. */
  readonly fields: readonly string[]
}

/**
 * Writes rows, and records it. `context` is that of the transaction.
 * @throws DomainError CONFLICT that names a unique field
 */
export interface RowWriter {
  /** @returns the row as it is then */
  insert(context: DomainContext, write: RowWrite): Promise<Row>
  update(context: DomainContext, write: RowWrite): Promise<Row>
  delete(context: DomainContext, write: RowWrite): Promise<void>
}
