import type { CodeProof } from './use-second-factor'

/** What is said of a code that was typed in vain. */
export const WRONG_CODE =
  'This code is wrong, expired or already used: send the six digits of the authenticator app, or a backup code'

/** A code as somebody typed it: of the authenticator app, or a backup code, which has letters in it or is longer. */
export const readCode = (typed: string): CodeProof => {
  const code = typed.replace(/\s/g, '')
  return { factor: /^\d{6}$/.test(code) ? 'totp' : 'backup-code', code }
}
