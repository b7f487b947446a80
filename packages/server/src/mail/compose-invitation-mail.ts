import type { Mail } from './mail'
import { layOutMail, showForeignText } from './mail-layout'

const DAY_MS = 24 * 3600 * 1000

/** An invitation to an organization, and the token of the link that accepts it. */
export interface InvitationMail {
  /** The configured public origin; the link is built from nothing else. */
  readonly origin: string
  readonly to: string
  readonly token: string
  /** How long the link works. */
  readonly validForMs: number
  readonly organizationName: string
  readonly role: string
  readonly inviterName: string
}

/** The token stands behind `#`: no server on the way, and no log, gets to see it. */
const invitationLink = ({ origin, token }: InvitationMail): string => {
  const url = new URL('/invites', origin)
  url.hash = token
  return url.href
}

/** Asks somebody, who may have an account or not, to join an organization. Says nothing of which of the two it is. */
export const composeInvitationMail = (invitation: InvitationMail): Mail => {
  const { host } = new URL(invitation.origin)
  const days = Math.floor(invitation.validForMs / DAY_MS)
  // All chosen by people whom the reader may not know: each on a line of its own, behind a label.
  const facts = [
    ['Organization', showForeignText(invitation.organizationName)],
    ['Your role', invitation.role],
    ['Invited by', showForeignText(invitation.inviterName)],
  ]
  return layOutMail({
    to: invitation.to,
    subject: 'You are invited to an organization',
    name: '',
    paragraphs: [
      `Somebody invites you to join an organization at ${host}.`,
      facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
      `To accept, open the link below, then sign in with this address, or sign up with it. Or sign in on the command line, run "snoop invites accept" and paste the link when asked for it. The link works once, within ${days} days.`,
      'If you do not want to join, or do not know who asks, do nothing: you belong to nothing that you have not accepted. Pass the link on to nobody.',
    ],
    link: { label: 'See the invitation', url: invitationLink(invitation) },
    footer: `A member of an organization at ${host} gave this address to invite you.`,
  })
}
