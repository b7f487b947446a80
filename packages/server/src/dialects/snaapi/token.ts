import type { Contract } from '@snoop/sdk/contract'
import { createKeyByPassword } from '../../domain/api-keys/create-key-by-password'
import type { DomainContext } from '../../domain/domain-context'
import type { Handlers } from '../../http/request-context'

const DEFAULT_NAME = 'API key'

export const tokenHandlers = (domain: DomainContext) =>
  ({
    createToken: async ({ body }, request) => {
      const { email, password, code, name = DEFAULT_NAME, expiresIn = null, permissions = null } = body
      const input = { email, password, code, name, permissions, expiresInSeconds: expiresIn }
      return { key: await createKeyByPassword(domain, input, await request.visit()) }
    },
  }) satisfies Partial<Handlers<Contract>['snaapi']>
