import { invalidField } from '../domain-error'

/** Passwords that attackers try first (the list of zxcvbn), loaded at the first sign-up. */
let common: Promise<ReadonlySet<string>> | undefined

const loadCommonPasswords = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  // Shorter ones are refused by their length alone.
  return new Set<string>(dictionary['passwords-common'].filter(password => password.length >= 8))
}

/** NIST 800-63B section 5.1.1.2: whether the password is on a list of common ones, in any case of letters. */
export const isCommonPassword = async (password: string): Promise<boolean> => {
  common ??= loadCommonPasswords()
  return (await common).has(password.toLowerCase())
}

/** @param field what the caller's input calls the password; @throws DomainError VALIDATION_ERROR for a common one */
export const refuseCommonPassword = async (password: string, field: string): Promise<void> => {
  if (await isCommonPassword(password))
    throw invalidField(field, 'Is one of the most common passwords; choose another')
}
