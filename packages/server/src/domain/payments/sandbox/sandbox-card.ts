import { DomainError } from '../../domain-error'

/** What pays in the sandbox: always, never, or now but not for the next period. */
export const SANDBOX_CARDS = ['pays', 'declined', 'pays-once'] as const
export type SandboxCard = (typeof SANDBOX_CARDS)[number]

/** @throws DomainError CONFLICT for the card that never pays */
export const assertCardPays = (card: SandboxCard): void => {
  if (card === 'declined')
    throw new DomainError('CONFLICT', {
      message: 'The card was declined and nothing was paid; try another card',
    })
}
