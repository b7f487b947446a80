import type { OrganizationRole } from '@snoop/sdk/contract'

/** Guests are 0, 1, 2; inviters are 0, who stays an owner, and 1, whose role changes. */
export const GUESTS = 3
/** What the free plan allows. */
export const SEATS = 3
export const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const WEEK = 7 * 24 * 60 * MINUTE

interface ModelInvitation {
  readonly id: string
  readonly role: OrganizationRole
  readonly by: number
  readonly sentAt: number
}

/** Mails to a guest since the first of them, within an hour of it. */
interface ModelMails {
  readonly since: number
  readonly count: number
  readonly newest: number
}

/** What has to be so of the invitations of one organization, in the plainest words. */
export class InvitationModel {
  now = 0
  readonly invitations = new Map<number, ModelInvitation>()
  /** By inviter (0, 1), and by guest (`g0`…). */
  readonly members = new Map<number | string, { readonly role: OrganizationRole; readonly id: string }>()
  readonly verified = [true, true, false]
  /** All tokens ever sent to a guest, oldest first. */
  readonly tokens: string[][] = Array.from({ length: GUESTS }, () => [])

  private readonly mails = new Map<number, ModelMails>()

  noteSent(to: number, invitation: Omit<ModelInvitation, 'sentAt'>): void {
    this.invitations.set(to, { ...invitation, sentAt: this.now })
    const { since, count } = this.mailsTo(to)
    this.mails.set(to, { since, count: count + 1, newest: this.now })
  }
  private mailsTo(to: number): ModelMails {
    const mails = this.mails.get(to)
    return mails && this.now < mails.since + HOUR
      ? mails
      : { since: this.now, count: 0, newest: Number.NEGATIVE_INFINITY }
  }
  isPending = (to: number): boolean => {
    const invitation = this.invitations.get(to)
    return invitation !== undefined && this.now < invitation.sentAt + WEEK
  }
  liveToken = (to: number): string | undefined => (this.isPending(to) ? this.tokens[to]?.at(-1) : undefined)
  get seatsTaken(): number {
    return this.members.size + [...this.invitations.keys()].filter(this.isPending).length
  }
  private refuseInviter(by: number): string | undefined {
    const own = this.members.get(by)?.role
    if (!own) return 'FORBIDDEN'
    return own === 'member' ? 'INSUFFICIENT_PERMISSIONS' : undefined
  }
  private refuseIssue(by: number, to: number, role: OrganizationRole): string | undefined {
    const isOwner = this.members.get(by)?.role === 'owner'
    const earlier = this.invitations.get(to)
    const touchesOwner = role === 'owner' || (this.isPending(to) && earlier?.role === 'owner')
    if (touchesOwner && !isOwner) return 'INSUFFICIENT_PERMISSIONS'
    const { count, newest } = this.mailsTo(to)
    if (this.now < newest + MINUTE || count >= 5) return 'RATE_LIMIT_ERROR'
    return !this.isPending(to) && this.seatsTaken + 1 > SEATS ? 'PLAN_LIMIT_REACHED' : undefined
  }
  refuseSend(by: number, to: number, role: OrganizationRole): string | undefined {
    const isMember = this.members.has(`g${to}`)
    return this.refuseInviter(by) ?? (isMember ? 'CONFLICT' : this.refuseIssue(by, to, role))
  }
  refuseResend(by: number, to: number): string | undefined {
    const earlier = this.invitations.get(to)
    return this.refuseInviter(by) ?? (earlier ? this.refuseIssue(by, to, earlier.role) : 'NOT_FOUND')
  }
  refuseCancel(by: number, to: number): string | undefined {
    const refusal = this.refuseInviter(by)
    if (refusal) return refusal
    const earlier = this.invitations.get(to)
    if (!earlier) return 'NOT_FOUND'
    const isProtected = this.isPending(to) && earlier.role === 'owner'
    return isProtected && this.members.get(by)?.role !== 'owner' ? 'INSUFFICIENT_PERMISSIONS' : undefined
  }
  refuseAccept(to: number, who: number, token: string): string | undefined {
    const invitation = this.invitations.get(to)
    if (!invitation || token !== this.liveToken(to)) return 'INVALID_TOKEN'
    if (who !== to) return 'FORBIDDEN'
    if (!this.verified[who]) return 'EMAIL_NOT_VERIFIED'
    const inviterRole = this.members.get(invitation.by)?.role
    const mayInvite = inviterRole === 'owner' || (inviterRole === 'admin' && invitation.role !== 'owner')
    return mayInvite ? undefined : 'FORBIDDEN'
  }
}
