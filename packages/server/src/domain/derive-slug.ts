/**
 * Lower-case ASCII words joined by hyphens: "Café Zoé & Co" → `cafe-zoe-co`.
 * @param fallback for a name without a usable character
 */
export const deriveSlug = (name: string, fallback: string, maxLength = 40): string => {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replace(/^-+|-+$/g, '')
  return slug || fallback
}
