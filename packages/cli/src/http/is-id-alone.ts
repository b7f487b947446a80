/** Ids have capitals, slugs never: what can be an id alone needs no looking for. */
export const isIdAlone = (text: string): boolean => /[A-Z_]/.test(text) && /^[A-Za-z0-9_-]+$/.test(text)
