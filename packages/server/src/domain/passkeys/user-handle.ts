/**
 * What a passkey remembers of its account (WebAuthn Level 3, section 5.4.3): base64url of the user id, which tells nothing
 * of a person and never changes.
 */
export const userHandleOf = (userId: string): string => Buffer.from(userId).toString('base64url')
