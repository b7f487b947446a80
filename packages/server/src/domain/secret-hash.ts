import { hash } from 'node:crypto'

/**
 * SHA-256 in base64url: how random secrets (sessions, keys, link tokens) are stored and looked up. They carry at least
 * 190 bits of their own, so no salt or stretching is needed, and a look-up by hash tells nothing of the secret by its time.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64url')
