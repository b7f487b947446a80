import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { beginRegistration } from '../../domain/passkeys/begin-registration'
import { beginPasskeySignIn } from '../../domain/passkeys/begin-sign-in'
import { listPasskeys } from '../../domain/passkeys/list-passkeys'
import { registerPasskey } from '../../domain/passkeys/register-passkey'
import { removePasskey } from '../../domain/passkeys/remove-passkey'
import { renamePasskey } from '../../domain/passkeys/rename-passkey'
import { signInByPasskey } from '../../domain/passkeys/sign-in-by-passkey'
import type { Handlers } from '../../http/request-context'
import { answerSignedIn } from './answer-sign-in'
import { presentPasskey } from './present-passkey'

export const passkeyHandlers = (domain: DomainContext): Handlers<Contract>['passkeys'] => ({
  generateRegisterOptions: async (_input, { principal }) => ({
    ...(await beginRegistration(domain, principal)),
  }),

  verifyRegistration: async ({ body: { response: answer, name } }, { principal, device }) =>
    presentPasskey(await registerPasskey(domain, principal, { answer, name }, device)),

  generateAuthenticateOptions: async ({ body: { email } }) => ({
    ...(await beginPasskeySignIn(domain, email)),
  }),

  verifyAuthentication: async ({ body: { response: answer, rememberMe: remember } }, request) => {
    const visit = await request.visit()
    return answerSignedIn(domain, request, await signInByPasskey(domain, { answer, remember }, visit))
  },

  list: async (_input, { principal }) => (await listPasskeys(domain, principal.userId)).map(presentPasskey),

  update: async ({ body: { id, name } }, { principal }) =>
    presentPasskey(await renamePasskey(domain, principal, id, name)),

  delete: async ({ body: { id } }, { principal }) =>
    presentPasskey(await removePasskey(domain, principal, id)),
})
