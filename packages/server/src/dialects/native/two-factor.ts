import type { Contract, HandlerInput } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { disableTwoFactor } from '../../domain/two-factor/disable-two-factor'
import { enableTwoFactor, type TwoFactorMethod } from '../../domain/two-factor/enable-two-factor'
import { generateBackupCodes } from '../../domain/two-factor/generate-backup-codes'
import { proveSecondFactor } from '../../domain/two-factor/prove-second-factor'
import { sendSecondFactorCode } from '../../domain/two-factor/send-second-factor-code'
import { signInBySecondFactor } from '../../domain/two-factor/sign-in-by-second-factor'
import { getTwoFactorStatus } from '../../domain/two-factor/two-factor-status'
import type { Handlers, RequestContext } from '../../http/request-context'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'
import { answerSession, answerSignedIn } from './answer-sign-in'

type CodeBody = HandlerInput<Contract['twoFactor']['verifyTotp']>['body']

export const twoFactorHandlers = (domain: DomainContext): Handlers<Contract>['twoFactor'] => {
  /** With a challenge it signs in, without one it proves something to the session. */
  const verify = async (factor: TwoFactorMethod, body: CodeBody, request: RequestContext) => {
    const { code, challengeToken, trustDevice } = body
    const visit = await request.visit()
    if (challengeToken === undefined)
      return answerSession(domain, request, await proveSecondFactor(domain, { factor, code }, visit))
    const signIn = { challengeToken, trustDevice, factor, code }
    return answerSignedIn(domain, request, await signInBySecondFactor(domain, signIn, visit))
  }
  return {
    enable: async ({ body }, { principal }) => {
      const { method, totpUri, backupCodes } = await enableTwoFactor(domain, principal, body.method)
      return { method, totpURI: totpUri, backupCodes: [...backupCodes] }
    },

    verifyTotp: ({ body }, request) => verify('totp', body, request),

    sendOtp: async ({ body: { challengeToken } }, request) => {
      const expiresAt = await sendSecondFactorCode(domain, challengeToken, await request.visit())
      return { codeSent: true, expiresAt: toTimestamp(expiresAt) }
    },

    verifyOtp: ({ body }, request) => verify('email', body, request),

    verifyBackupCode: async ({ body }, request) => {
      const signIn = { ...body, factor: 'backup-code' } as const
      return answerSignedIn(
        domain,
        request,
        await signInBySecondFactor(domain, signIn, await request.visit()),
      )
    },

    generateBackupCodes: async (_input, { principal }) => ({
      backupCodes: [...(await generateBackupCodes(domain, principal))],
    }),

    disable: async (_input, request) => {
      request.setSession(await disableTwoFactor(domain, request.actor))
      return { disabled: true }
    },

    status: async (_input, { principal }) => {
      const { method, enabledAt, backupCodesLeft } = await getTwoFactorStatus(domain, principal.userId)
      return { enabled: method !== null, method, enabledAt: toTimestampOrNull(enabledAt), backupCodesLeft }
    },
  }
}
