/** As much of it as is kept: whoever calls says what it likes, at any length. */
const MAX_LENGTH = 512

/** The name of a program as it is stored. */
export const keptUserAgent = ({ userAgent }: { readonly userAgent: string }): string =>
  userAgent.slice(0, MAX_LENGTH)
