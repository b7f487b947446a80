/** What a provider says of somebody who signed in there. */
export interface SocialProfile {
  /** The provider's own id of the account: it stays the same, whatever the address, and is never given to another one. */
  readonly subject: string
  readonly email: string | undefined
  /** Whether the provider says that it has verified the address. */
  readonly emailVerified: boolean
  readonly name: string | undefined
}

/** What one sign-in at a provider is bound to; all but `redirectUri` is random. */
export interface SocialRequest {
  readonly redirectUri: string
  readonly state: string
  /** Comes back in the ID token. */
  readonly nonce: string
  /** The secret behind the code challenge of PKCE (RFC 7636). */
  readonly codeVerifier: string
}

/** Another service that people can sign in with. Both methods throw whatever openid-client throws. */
export interface SocialProvider {
  /** For people, such as `Acme`. */
  readonly name: string
  /** Where to send the browser. */
  authorizationUrl(request: SocialRequest): Promise<string>
  /** Who signed in. @param answer the query that the browser came back with */
  readProfile(request: SocialRequest, answer: URLSearchParams): Promise<SocialProfile>
}
