import { openText, sealText } from '../../sealing/seal-text'
import type { ChallengeRow } from '../../storage/stores/challenge-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { hashSecret } from '../secret-hash'

const REGISTRATION = 'passkey-registration'
const AUTHENTICATION = 'passkey-authentication'

/** How long the browser may take, in milliseconds. */
export const CEREMONY_MS = 5 * 60 * 1000

/**
 * Whose passkey may sign: anybody's, or only those of the account whose address was typed. Null: it has none, or there is
 * no such account; then nobody's, as signing in all the same would tell.
 */
export type Signer =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'account'; readonly userId: string | null }

interface NewChallenge extends Pick<ChallengeRow, 'kind' | 'user_id' | 'session_id'> {
  readonly data: Signer | undefined
}

const createChallenge = async (
  { storage, clock, newId, randomBytes, secrets }: DomainContext,
  { data, ...columns }: NewChallenge,
): Promise<Uint8Array<ArrayBuffer>> => {
  const now = clock()
  const id = newId()
  const challenge = randomBytes(32)
  await storage.challenges.insert({
    ...columns,
    id,
    token_hash: hashSecret(challenge.toString('base64url')),
    sealed_data: data ? sealText(JSON.stringify(data), { key: secrets.sealingKey, context: id }) : null,
    created_at: now,
    expires_at: now + CEREMONY_MS,
  })
  return Uint8Array.from(challenge)
}

const expired = () =>
  new DomainError('INVALID_TOKEN', {
    message: 'This passkey request has expired or was answered already; start again',
  })

/** What the browser says that it did (WebAuthn Level 3, section 5.8.1). */
interface ClientData {
  readonly challenge: string
  /** On a page inside a page of another origin. */
  readonly isFramed: boolean
}

const readClientData = (clientDataJSON: string): ClientData | undefined => {
  try {
    const { challenge, crossOrigin, topOrigin } = JSON.parse(
      Buffer.from(clientDataJSON, 'base64url').toString(),
    )
    if (typeof challenge !== 'string') return undefined
    return { challenge, isFramed: Boolean(crossOrigin) || topOrigin !== undefined }
  } catch {
    return undefined
  }
}

/** Outside any transaction: a challenge that was answered wrongly is used up too. */
const takeChallenge = async (
  { storage, clock }: DomainContext,
  kind: string,
  clientDataJSON: string,
): Promise<{ readonly row: ChallengeRow; readonly challenge: string }> => {
  const clientData = readClientData(clientDataJSON)
  if (!clientData) throw expired()
  const { challenge, isFramed } = clientData
  const row = await storage.challenges.take(kind, hashSecret(challenge), clock())
  if (!row) throw expired()
  if (isFramed) {
    throw new DomainError('INVALID_TOKEN', {
      message: 'A passkey cannot be used here inside a page of another site',
    })
  }
  return { row, challenge }
}

/** For this session alone, to register a passkey with. @returns 32 random bytes */
export const createRegistrationChallenge = (context: DomainContext, { userId, session }: SessionPrincipal) =>
  createChallenge(context, {
    kind: REGISTRATION,
    user_id: userId,
    session_id: session.id,
    data: undefined,
  })

/**
 * Uses up the challenge that was answered: of two at the same time one succeeds.
 * @throws DomainError INVALID_TOKEN if it is over, or was another session's; a session with a new secret is another one
 */
export const takeRegistrationChallenge = async (
  context: DomainContext,
  { userId, session }: SessionPrincipal,
  clientDataJSON: string,
): Promise<string> => {
  const { row, challenge } = await takeChallenge(context, REGISTRATION, clientDataJSON)
  if (row.user_id !== userId || row.session_id !== session.id) throw expired()
  return challenge
}

/** To sign in with. @returns 32 random bytes */
export const createSignInChallenge = (context: DomainContext, signer: Signer) =>
  createChallenge(context, {
    kind: AUTHENTICATION,
    user_id: signer.kind === 'account' ? signer.userId : null,
    session_id: null,
    data: signer,
  })

/** Uses up the challenge that was answered: of two at the same time one succeeds. @throws DomainError INVALID_TOKEN */
export const takeSignInChallenge = async (
  context: DomainContext,
  clientDataJSON: string,
): Promise<{ readonly challenge: string; readonly signer: Signer }> => {
  const { row, challenge } = await takeChallenge(context, AUTHENTICATION, clientDataJSON)
  if (row.sealed_data === null) throw expired()
  const { sealingKey: key } = context.secrets
  const signer = JSON.parse(openText(row.sealed_data, { key, context: row.id })) as Signer
  return { challenge, signer }
}
