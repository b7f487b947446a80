import { StorageError } from './storage-error'

/** Where a connection leads, as far as it may be shown. */
export type PostgresAddress = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

type Explanation = (address: PostgresAddress) => string

const at = ({ host, port }: PostgresAddress) => `PostgreSQL at ${host}:${port}`

const notKnown: Explanation = ({ host }) =>
  `The host ${host} of the database is not known. Correct the address, or the name service.`
const wrongPassword: Explanation = address =>
  `${at(address)} does not let the user ${address.user} in. Correct the user name or the password.`
const untrusted: Explanation = address =>
  `${at(address)} shows a certificate that is not trusted. Name its authority by sslrootcert in the address.`

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: address => `${at(address)} refuses connections. Start it, or correct the address.`,
  ENOENT: address =>
    `There is no PostgreSQL at the socket in ${address.host}. Start it, or correct the address.`,
  ENOTFOUND: notKnown,
  EAI_AGAIN: notKnown,
  '28P01': wrongPassword,
  '28000': wrongPassword,
  '3D000': address =>
    `${at(address)} has no database named ${address.database}. Create it, or correct the address.`,
  '53300': address =>
    `${at(address)} allows no more connections. Raise its max_connections, or close others.`,
  '57P03': address => `${at(address)} is starting or stopping. Try again in a moment.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
}

const BY_WORDS: readonly (readonly [words: string, explain: Explanation])[] = [
  ['after calling end on the pool', () => 'The database is closed.'],
  [
    'timeout exceeded when trying to connect',
    () => 'All connections to the database stayed busy. Allow more of them, or look for slow statements.',
  ],
  ['connection timeout', address => `${at(address)} does not answer. Check the address and the firewall.`],
  [
    'does not support SSL',
    address => `${at(address)} has no TLS. Turn it on there, or leave sslmode out of the address.`,
  ],
]

/** Turns the failure to get a connection into a StorageError that says where it led and what to do. */
export function explainConnectError(error: unknown, address: PostgresAddress): StorageError {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const explain = BY_CODE[code] ?? BY_WORDS.find(([words]) => message.includes(words))?.[1]
  return new StorageError(explain?.(address) ?? `${at(address)} can't be reached.`, { cause: error })
}
