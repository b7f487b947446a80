import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { invalidField } from '../../domain/domain-error'
import type { Visit } from '../../domain/sign-in/visit'
import { grantByPassword } from '../../domain/tokens/grant-by-password'
import { grantBySecondFactor } from '../../domain/tokens/grant-by-second-factor'
import { refreshTokens } from '../../domain/tokens/refresh-tokens'
import { revokeTokenFamily } from '../../domain/tokens/revoke-token-family'
import type { Handlers, RequestContext } from '../../http/request-context'
import { presentTokenChallenge, presentTokens } from './present-tokens'

/** @throws DomainError VALIDATION_ERROR */
const requireField = (grant: string, field: string, value: string | undefined): string => {
  if (value) return value
  throw invalidField(field, `Required with grant_type=${grant}`)
}

/** A program keeps no cookies; those of a browser that came along are of another surface. */
const visitOf = async (request: RequestContext): Promise<Visit> => ({
  ...(await request.visit()),
  deviceToken: undefined,
  session: undefined,
})

export const tokenHandlers = (domain: DomainContext) =>
  ({
    createToken: async ({ body }, request) => {
      const { grant_type: grant } = body
      if (grant === 'password') {
        const identifier = requireField(grant, 'identifier', body.identifier)
        const password = requireField(grant, 'password', body.password)
        const granted = await grantByPassword(domain, { identifier, password }, await visitOf(request))
        return granted.outcome === 'issued' ? presentTokens(granted) : presentTokenChallenge(granted)
      }
      if (grant !== 'refresh_token') throw invalidField('grant_type', 'Must be password or refresh_token')
      const refreshToken = requireField(grant, 'refresh_token', body.refresh_token)
      return presentTokens(await refreshTokens(domain, refreshToken, await visitOf(request)))
    },

    completeTwoFactor: async ({ body }, request) => {
      const answer = { challengeToken: body.challenge_token, code: body.code }
      return presentTokens(await grantBySecondFactor(domain, answer, await visitOf(request)))
    },

    revokeToken: async (_input, { actor }) => {
      await revokeTokenFamily(domain, actor)
      return { revoked: true }
    },
  }) satisfies Partial<Handlers<Contract>['snipy']>
