/** The facts of a transport's error that the client acts on and tells. */
export interface ConnectionFailure {
  readonly code: string | undefined
  /** The server's certificate was refused: trying again will not help. */
  readonly certificateRefused: boolean
  /** Name, code and words of the original; nothing else, as platforms hang whole responses on their errors. */
  readonly cause: Error
}

/** Codes of failures that happen before the first byte of a request is sent. */
const neverSentCodes: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** OpenSSL's verification errors as Node names them. */
const certificateCode =
  /^(CERT_|ERR_TLS_CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF|UNABLE_TO_(GET|VERIFY|DECODE))/

const maxCauses = 5

/** The error and what caused it: `fetch` hides the socket's error in `cause`. */
const chainOf = (error: unknown): Error[] => {
  const chain: Error[] = []
  for (let link = error; link instanceof Error && chain.length < maxCauses; link = link.cause)
    chain.push(link)
  return chain
}

const codeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

const firstCode = (error: unknown): string | undefined =>
  chainOf(error)
    .map(codeOf)
    .find(code => code !== undefined)

/** `Transport.requestNeverSent` for errors of Node's sockets, undici and `fetch`. */
export const neverSent = (error: unknown): boolean =>
  chainOf(error).some(link =>
    link instanceof AggregateError && link.errors.length > 0
      ? link.errors.every(neverSent)
      : neverSentCodes.has(codeOf(link) ?? ''),
  )

const copyOf = (error: Error): Error => {
  const copy = new Error(error.message)
  Object.defineProperty(copy, 'name', { value: error.name })
  Object.defineProperty(copy, 'stack', { value: error.stack })
  const code = codeOf(error)
  if (code !== undefined) Object.defineProperty(copy, 'code', { value: code, enumerable: true })
  return copy
}

const slim = (error: unknown): Error => {
  const [copy = new Error(typeof error === 'string' ? error : 'Unknown cause'), ...causes] =
    chainOf(error).map(copyOf)
  let outer = copy
  for (const cause of causes) {
    Object.defineProperty(outer, 'cause', { value: cause })
    outer = cause
  }
  return copy
}

/** Reads what a transport threw. */
export const readConnectionFailure = (error: unknown): ConnectionFailure => {
  const code = firstCode(error)
  return { code, certificateRefused: certificateCode.test(code ?? ''), cause: slim(error) }
}

/** One sentence for people. */
export const describeConnectionFailure = (origin: string, failure: ConnectionFailure): string => {
  if (failure.certificateRefused) {
    return `The certificate of ${origin} is not trusted (${failure.code}). Node trusts further ones from NODE_EXTRA_CA_CERTS`
  }
  switch (failure.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name of ${origin} could not be resolved (${failure.code})`
    case 'ECONNREFUSED':
      return `Nothing answers at ${origin} (${failure.code})`
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${origin} did not accept a connection in time`
    case undefined:
      return `The connection to ${origin} failed`
    default:
      return `The connection to ${origin} failed (${failure.code})`
  }
}
