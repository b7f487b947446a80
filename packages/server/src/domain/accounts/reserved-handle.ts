/** Who could be taken for the people who run the service. */
const AUTHORITY = `
  admin admins administrator administrators adminteam moderator moderators mod mods owner owners staff team official
  officials operator operators root superuser sudo sysadmin sysop system sys snoop snoopadmin snoopsupport snoopteam
  support helpdesk security securityteam trust safety compliance legal billing payments finance verified verification
`
/** Mailboxes that RFC 2142 and certificate authorities give a meaning, and those that nobody reads. */
const MAILBOXES = `
  abuse contact donotreply feedback hello hostmaster info mail mailer mailerdaemon marketing news newsletter noc noreply
  notification notifications postmaster press sales service services ssladmin sslwebmaster webmaster
`
/** What a path or a host name could be. */
const PLACES = `
  about account accounts api apikey apikeys app apps assets auth autoconfig autodiscover blog careers cdn changelog cli
  community console dashboard dev developer developers device devices docs documentation download downloads email
  explore favicon faq forum ftp graphql guide health healthz help home host hosts humans imap index internal invitation
  invitations invite jobs join jwks legal licence license localhost login logout magiclink me member members metrics mx
  new oauth oauth2 oidc onboarding openapi openid org organization organizations orgs passkey passkeys password passwords
  pop pop3 pricing privacy private profile profiles project projects prod production public ready readyz recover register
  reset resetpassword robots saml scim search self session sessions settings setup signin signout signup sitemap smtp sso
  ssl staging static status store swagger team teams terms test tests token tokens totp twofactor upload uploads user
  users verify verifyemail web webauthn webhook webhooks webmail wellknown wiki ws www
`
/** What programs print when there is nobody, and what is written to many at once. */
const NOBODY = `
  all anonymous anybody anyone bot channel deleted deleteduser everybody everyone false guest here ghost nan nil nobody
  none null someone somebody true undefined unknown void you
`

const reserved: ReadonlySet<string> = new Set(
  [AUTHORITY, MAILBOXES, PLACES, NOBODY].flatMap(words => words.trim().split(/\s+/)),
)

/**
 * Whether a handle could be taken for the service itself, for one of its addresses, or for nobody at all; separators do
 * not make it another word.
 * @param handle as the contract's `handleSchema` gives it
 */
export const isReservedHandle = (handle: string): boolean => reserved.has(handle.replace(/[-_]/g, ''))
