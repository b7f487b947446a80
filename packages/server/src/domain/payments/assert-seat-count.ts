import { PLANS } from '@snoop/sdk/contract'
import { conflict } from '../domain-error'
import type { Purchase } from './payment-provider'

/**
 * Makes sure that a plan can be had with so many seats. Pure.
 * @param used seats in use: of members, and of invitations that are pending
 * @throws DomainError CONFLICT for `seatCount`
 */
export const assertSeatCount = (
  { tierId, seatCount }: Pick<Purchase, 'tierId' | 'seatCount'>,
  used: number,
): void => {
  const { seats } = PLANS[tierId]
  if (seatCount > seats)
    throw conflict(
      'seatCount',
      `The ${tierId} plan has at most ${seats} seats; ask for fewer, or for a larger plan`,
    )
  if (seatCount < used)
    throw conflict(
      'seatCount',
      `${used} seats are in use by members and pending invitations; ask for at least as many, or remove some of them first`,
    )
}
