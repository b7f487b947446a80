import { isIP } from 'node:net'
import type { Mail } from './mail'
import { layOutMail, showForeignText } from './mail-layout'
import type { MailRecipient } from './mail-recipient'

type SecurityEvent =
  | { readonly kind: 'password-changed' }
  /** `liveKeys`: how many API keys go on working. */
  | { readonly kind: 'password-reset'; readonly liveKeys: number }
  /** Goes to the old address, as the next one does. */
  | { readonly kind: 'email-change-requested'; readonly newEmail: string }
  | { readonly kind: 'email-changed'; readonly newEmail: string }
  | { readonly kind: 'two-factor-enabled'; readonly method: 'totp' | 'email' }
  | { readonly kind: 'two-factor-disabled' }
  | { readonly kind: 'backup-codes-made' }
  | { readonly kind: 'passkey-added'; readonly name: string }
  | { readonly kind: 'passkey-removed'; readonly name: string }
  | { readonly kind: 'social-linked'; readonly provider: string }
  /** `rights`: scopes, or words for what it may do. `isReplacement`: it ended the key that there was. */
  | {
      readonly kind: 'api-key-made'
      readonly name: string
      readonly format: string
      readonly rights: readonly string[]
      readonly isReplacement: boolean
    }
  /** `device`: such as `Firefox on Linux` or `snoop-cli/0.1.0`; a whole User-Agent is not shown. */
  | {
      readonly kind: 'new-device'
      readonly device: string
      readonly ipAddress: string
      readonly method: string
    }
  | { readonly kind: 'account-deleted' }

/** What happened to an account, to be told to its owner. `occurredAt` is in milliseconds since 1970. */
export type SecurityNotice = SecurityEvent & { readonly occurredAt?: number }

interface NoticeWords {
  readonly subject: string
  readonly happened: string
  /** Shown one a line, as `label: value`, so that a value is not read as a sentence of ours. */
  readonly facts?: readonly (readonly [label: string, value: string])[]
  /** What to do, most of it for the case that it was not the owner. */
  readonly advice: readonly string[]
}

type NoticeOf<Kind extends SecurityNotice['kind']> = Extract<SecurityNotice, { readonly kind: Kind }>

const RESET_PASSWORD = 'reset your password at the sign-in page, or with "snoop password reset"'
const RESET = `${RESET_PASSWORD}, which also ends every session`
const CHECK_KEYS =
  'Look through your API keys with "snoop keys list", and revoke those that you do not know with "snoop keys revoke".'
const SECOND_FACTORS = { totp: 'a code of an authenticator app', email: 'a code sent to this address' }
const SHOWN_DOMAIN = /^(?=.{1,60}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i
const SHOWN_SCOPE = /^[a-z-]{1,30}:[a-z-]{1,30}$/

const keepWorking = (keys: number): string =>
  keys === 1 ? 'One API key keeps working.' : `${keys} API keys keep working.`

/** `ada@example.com` → `a***@example.com`: enough for the owner to know it, too little for others to use it. */
const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const first = /^[a-z0-9]/i.exec(email)?.[0] ?? ''
  return SHOWN_DOMAIN.test(domain) ? `${first}***@${domain}` : `${first}***`
}

/** The colon of a scope would make it look like a link. */
const showScope = (scope: string): string => (SHOWN_SCOPE.test(scope) ? scope : showForeignText(scope))

/** So would the slash between a program and its version. */
const showDevice = (device: string): string => showForeignText(device.replace(/^([a-z-]+)\/(?=\d)/i, '$1 '))

/** An address may come from a header, and the zone of an IPv6 address may be any text. */
const showIpAddress = (text: string): string => (isIP(text) && !text.includes('%') ? text : 'unknown')

/** Such as `22 November 2026, 09:07 UTC`. */
const showTime = (timeMs: number): string => {
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(timeMs)
  return `${date}, ${new Date(timeMs).toISOString().slice(11, 16)} UTC`
}

const NOTICES: {
  readonly [Kind in SecurityNotice['kind']]: (notice: NoticeOf<Kind>, host: string) => NoticeWords
} = {
  'password-changed': (_, host) => ({
    subject: 'Your password was changed',
    happened: `The password of your account at ${host} was changed. Every other session was ended.`,
    advice: [`If it was not you: ${RESET}. ${CHECK_KEYS}`],
  }),
  'password-reset': ({ liveKeys }, host) => ({
    subject: 'Your password was reset',
    happened: `The password of your account at ${host} was reset by a link sent to this address. Every session was ended: sign in with the new password.`,
    advice: [
      ...(liveKeys > 0 ? [`${keepWorking(liveKeys)} ${CHECK_KEYS}`] : []),
      `If it was not you, somebody can read your mail: first change the password of your mailbox. Then ${RESET}.`,
    ],
  }),
  'email-change-requested': ({ newEmail }, host) => ({
    subject: 'Another e-mail address was asked for',
    happened: `Somebody who was signed in to your account at ${host} asked to change its e-mail address. Nothing has changed yet: the new address counts once the link sent to it is opened.`,
    facts: [['New address', maskEmail(newEmail)]],
    advice: [`If it was not you: ${RESET}. The link sent to the new address is then dead. ${CHECK_KEYS}`],
  }),
  'email-changed': ({ newEmail }, host) => ({
    subject: 'Your e-mail address was changed',
    happened: `Your account at ${host} has another e-mail address now. This one can no longer be used to sign in or to reset the password.`,
    facts: [['New address', maskEmail(newEmail)]],
    advice: [
      'If it was not you, ask whoever runs the service for help at once, and keep this mail, which says when it happened.',
    ],
  }),
  'two-factor-enabled': ({ method }, host) => ({
    subject: 'Two-factor authentication was turned on',
    happened: `Signing in to your account at ${host} now also asks for ${SECOND_FACTORS[method]}.`,
    advice: [
      `If it was not you: ${RESET}. If you are then asked for a code that you cannot have, ask whoever runs the service for help.`,
    ],
  }),
  'two-factor-disabled': (_, host) => ({
    subject: 'Two-factor authentication was turned off',
    happened: `Signing in to your account at ${host} no longer asks for a second factor.`,
    advice: [`If it was not you: ${RESET}. Then sign in and turn it on again. ${CHECK_KEYS}`],
  }),
  'backup-codes-made': (_, host) => ({
    subject: 'New backup codes were made',
    happened: `New backup codes were made for your account at ${host}. The older ones no longer work.`,
    advice: [
      `If it was not you: ${RESET}. Then sign in and make new backup codes, so that those made now no longer work either.`,
    ],
  }),
  'passkey-added': ({ name }, host) => ({
    subject: 'A passkey was added',
    happened: `A passkey was added to your account at ${host}. Whoever has it can sign in without your password.`,
    facts: [['Its name', showForeignText(name)]],
    advice: [
      `If it was not you: sign in and remove the passkey, as it goes on working after a change of password. Then ${RESET}.`,
    ],
  }),
  'passkey-removed': ({ name }, host) => ({
    subject: 'A passkey was removed',
    happened: `A passkey was removed from your account at ${host}. It can no longer sign in.`,
    facts: [['Its name', showForeignText(name)]],
    advice: [`If it was not you: ${RESET}. Then sign in and look through your passkeys. ${CHECK_KEYS}`],
  }),
  'social-linked': ({ provider }, host) => ({
    subject: 'Another way to sign in was added',
    happened: `Your account at ${host} can now also be signed in to by way of another service.`,
    facts: [['Service', showForeignText(provider)]],
    advice: [
      `If it was not you, somebody has an account there in your name: take it back from them first. Then ${RESET}, and ask whoever runs the service at ${host} to remove this way to sign in, as it goes on working after a change of password.`,
    ],
  }),
  'api-key-made': ({ name, format, rights, isReplacement }, host) => ({
    subject: 'An API key was made',
    happened: `An API key was made for your account at ${host}.${isReplacement ? ' The one that it replaces no longer works.' : ''}`,
    facts: [
      ['Its name', showForeignText(name)],
      ['Its format', format],
      ['What it may do', rights.map(showScope).join(', ') || 'nothing'],
    ],
    advice: [
      `If it was not you: revoke the key with "snoop keys revoke", as it goes on working after a change of password. Then ${RESET}.`,
    ],
  }),
  'new-device': ({ device, ipAddress, method }, host) => ({
    subject: 'A new device signed in to your account',
    happened: `Your account at ${host} was signed in to from a device that was not seen before.`,
    facts: [
      ['Device', showDevice(device)],
      ['IP address', showIpAddress(ipAddress)],
      ['Signed in by', showForeignText(method)],
    ],
    advice: [
      `If it was not you: end every session with "snoop sessions revoke --all", then ${RESET_PASSWORD}. ${CHECK_KEYS}`,
    ],
  }),
  'account-deleted': (_, host) => ({
    subject: 'Your account was deleted',
    happened: `Your account at ${host} was deleted, with all that was held on it. Its sessions and API keys no longer work.`,
    advice: [
      'If it was not you, tell whoever runs the service at once, and change the password wherever else you use it.',
    ],
  }),
}

/** Tells the owner of an account what happened to it, when, and what to do if it was somebody else. Holds no link. */
export const composeSecurityNotice = ({ origin, to, name }: MailRecipient, notice: SecurityNotice): Mail => {
  const { host } = new URL(origin)
  // TypeScript does not see that the entry found by a notice's kind takes that notice.
  const describe = NOTICES[notice.kind] as (notice: SecurityNotice, host: string) => NoticeWords
  const { subject, happened, facts = [], advice } = describe(notice, host)
  const when = notice.occurredAt === undefined ? [] : [['When', showTime(notice.occurredAt)] as const]
  const lines = [...when, ...facts].map(([label, value]) => `${label}: ${value}`)
  return layOutMail({
    to,
    subject,
    name,
    paragraphs: [happened, ...(lines.length > 0 ? [lines.join('\n')] : []), ...advice],
    footer: `This mail concerns your account at ${host}. Such notices cannot be turned off.`,
  })
}
