import { hash } from 'node:crypto'
import type { PlanId } from '@snoop/sdk/contract'
import type { UserProfileRow } from '../../domain/records'

const NUMBER_BYTES = 6

/** Users have no numbers: the first 48 bits of SHA-256 of the id stand for one, the same ones each time. */
const numberOf = (userId: string): number => hash('sha256', userId, 'buffer').readUIntBE(0, NUMBER_BYTES)

export const presentUser = ({ id, full_name, email }: UserProfileRow, plan: PlanId) => ({
  id: numberOf(id),
  name: full_name,
  email,
  subscription_tier: plan,
})
