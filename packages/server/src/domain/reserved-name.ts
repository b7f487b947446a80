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
  about account accounts api apikey apikeys app apps assets audit auditlog auditlogs auth autoconfig autodiscover blog
  careers cdn changelog checkout cli community console credits dashboard dev developer developers device devices docs
  documentation download downloads email explore faq favicon forum ftp graphql guide health healthz help home host
  hosts humans imap index internal invitation invitations invite invites jobs join jwks legal licence license
  localhost login logout magiclink me member members metrics mfa mfapolicy mx new oauth oauth2 oidc onboarding openapi
  openid org organization organizations orgs passkey passkeys password passwords plan plans pop pop3 pricing privacy
  private prod production profile profiles project projects public qr qrs ready readyz recover register reset resetpassword
  resource resources revoke robots saml sandbox scim screenshot screenshots search self session sessions settings setup signin signout signup sitemap smtp snaapi snaptrack
  snipy ssl sso
  staging static status store subscription subscriptions swagger team teams tenant tenants terms test tests token
  tokens totp twofactor upgrade upload uploads url urls user users v1 verify verifyemail web webauthn webhook webhooks webmail website websites
  wellknown wiki ws www
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
 * Whether the handle of a user or the slug of an organization could be taken for the service itself, for one of its
 * addresses, or for nobody at all; separators do not make it another word.
 * @param name in lower case, as the contract's `handleSchema` and `slugSchema` give it
 */
export const isReservedName = (name: string): boolean => reserved.has(name.replace(/[-_]/g, ''))
