import type { StripeConfig } from '../../config/config'
import type { Logger } from '../../observability/logger'
import type { PaymentProvider } from './payment-provider'
import { createSandboxProvider, type SandboxParts } from './sandbox/sandbox-provider'
import { createStripeProvider } from './stripe-provider'

/** @param stripe undefined: payments are the sandbox and take no money */
export const createPayments = (
  stripe: StripeConfig | undefined,
  { logger, ...sandbox }: SandboxParts & { readonly logger: Logger },
): PaymentProvider => (stripe ? createStripeProvider(stripe, logger) : createSandboxProvider(sandbox))
