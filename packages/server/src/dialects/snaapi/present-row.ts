import type { Row } from '@snoop/sdk/contract'
import type { Row as DomainRow } from '../../domain/rows/row'
import { toTimestamp } from '../../http/timestamp'

export const presentRow = ({ id, createdAt, updatedAt, values }: DomainRow): Row => ({
  id,
  created_at: toTimestamp(createdAt),
  updated_at: toTimestamp(updatedAt),
  ...Object.fromEntries(values),
})
