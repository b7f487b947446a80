/** The form of an address that accounts are found by: compatibility forms folded (NFKC), lower case, no blanks around. */
export const normalizeEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase()
