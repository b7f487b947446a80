import type { Transport, TransportRequest, TransportResponse } from '@snoop/sdk'
import type { FakeAnswer } from './fake-answers'
import { answerRequest } from './fake-routes'

export interface FakeKey {
  readonly id: string
  readonly name: string
  secret: string
  readonly scopes: readonly string[]
  readonly organizationId: string | null
  expiresAt: string | null
  revoked: boolean
  enabled: boolean
  readonly format: string
  readonly permissions: object | null
  used: boolean
  rotatedTo: string | null
  rotationRequest: string | undefined
  readonly createdAt: string
}

export interface FakeProject {
  readonly id: string
  readonly organizationId: string
  name: string
  slug: string
  status: string
  description: string | null
  website: string | null
}

export interface FakeOrganization {
  readonly id: string
  readonly slug: string
  readonly name: string
}

export interface FakeSession {
  readonly id: string
  /** When its user last proved who they are. */
  authenticatedAtMs: number
}

export interface FakeDevice {
  readonly id: string
  readonly token: string
  trusted: boolean
}

export interface FakeTwoFactor {
  readonly method: 'totp' | 'email'
  confirmed: boolean
  readonly backupCodes: string[]
}

/** What the fake server knows. Tests look into it and change it. */
export interface FakeState {
  readonly user: {
    id: string
    email: string
    password: string
    fullName: string
    handle: string
    isVerified: boolean
    marketingOptOut: boolean
  }
  /** By secret. */
  readonly sessions: Map<string, FakeSession>
  readonly devices: FakeDevice[]
  twoFactor: FakeTwoFactor | undefined
  /** Tokens of sign-ins that wait for a second factor. */
  readonly challenges: Set<string>
  /** Tokens of links that were mailed, and what they are for: `magic`, `reset` or `verify`. */
  readonly links: Map<string, string>
  /** How many one-time codes were mailed at sign-ins. */
  codeMails: number
  readonly passkeys: { readonly id: string; name: string }[]
  readonly keys: FakeKey[]
  readonly organizations: FakeOrganization[]
  readonly projects: FakeProject[]
  readonly now: () => number
  /** A new name for something, different each time. */
  readonly newName: () => string
}

/** What happens to an exchange instead of going well. */
export type Mishap = 'refused' | 'request_lost' | 'answer_lost' | FakeAnswer

export interface FakeSnoop {
  readonly state: FakeState
  readonly transport: Transport
  /** Every request that arrived, in order. */
  readonly requests: TransportRequest[]
  /** Decides about a request; undefined lets it go well. Set by tests. */
  interfere: (request: TransportRequest) => Mishap | undefined
}

export const PASSWORD = 'correct horse battery'

const failure = (code: string): Error => Object.assign(new Error(code), { code })

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

const toResponse = ({ status, body, setCookie = [], headers = {} }: FakeAnswer): TransportResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers },
  setCookie,
  text: async () => textOf(body),
  async *chunks() {
    yield new TextEncoder().encode(textOf(body))
  },
})

/** A small Snoop server in memory, behind the client's transport. */
export const createFakeSnoop = (now: () => number): FakeSnoop => {
  let names = 0
  const requests: TransportRequest[] = []
  const state: FakeState = {
    user: {
      id: '01USERADA',
      email: 'ada@example.com',
      password: PASSWORD,
      fullName: 'Ada',
      handle: 'ada',
      isVerified: true,
      marketingOptOut: false,
    },
    sessions: new Map(),
    devices: [],
    twoFactor: undefined,
    challenges: new Set(),
    links: new Map(),
    codeMails: 0,
    passkeys: [],
    keys: [],
    organizations: [{ id: '01ORGACME', slug: 'acme', name: 'Acme' }],
    projects: [],
    now,
    newName: () => String(++names).padStart(4, '0'),
  }
  const fake: FakeSnoop = {
    state,
    requests,
    interfere: () => undefined,
    transport: {
      async send(request) {
        const mishap = fake.interfere(request)
        if (mishap === 'refused') throw failure('ECONNREFUSED')
        if (mishap === 'request_lost') throw failure('ECONNRESET')
        requests.push(request)
        if (typeof mishap === 'object') return toResponse(mishap)
        const answer = answerRequest(state, request)
        if (mishap === 'answer_lost') throw failure('ECONNRESET')
        return toResponse(answer)
      },
      requestNeverSent: error => error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED',
      async close() {},
    },
  }
  return fake
}
