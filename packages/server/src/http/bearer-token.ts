const BEARER = /^Bearer +(\S+) *$/i

/**
 * The token of `Authorization: Bearer` (RFC 6750, 2.1).
 * @returns undefined for a header that holds anything else, or no header
 */
export const readBearerToken = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
