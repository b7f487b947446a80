import type { Contract } from '@snoop/sdk/contract'
import { buildOpenApi } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { DomainError } from '../../domain/domain-error'
import type { Handlers } from '../../http/request-context'

const RETRY_SECONDS = 2

/** What a probe may ask of the process. */
export interface Readiness {
  /** The server is going down: it finishes what it has, and should be given nothing new. */
  readonly isDraining: boolean
}

const unavailable = (message: string, cause?: unknown): DomainError =>
  new DomainError('SERVICE_UNAVAILABLE', { message, cause, detail: { retryAfterSeconds: RETRY_SECONDS } })

export const serviceHandlers = (
  { storage, settings }: DomainContext,
  version: string,
  readiness: Readiness,
): Handlers<Contract>['service'] => {
  let document: Record<string, unknown> | undefined
  return {
    health: () => ({ status: 'alive' }),

    ready: async () => {
      if (readiness.isDraining) throw unavailable('The server is shutting down')
      try {
        await storage.ping()
      } catch (cause) {
        throw unavailable('The database does not answer', cause)
      }
      return { status: 'ready' }
    },

    openapi: () => {
      document ??= buildOpenApi({ serverUrl: settings.origin, version, surfaces: settings.surfaces })
      return document
    },
  }
}
