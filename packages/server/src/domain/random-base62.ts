export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The largest multiple of 62 that a byte can be below: bytes above would favour the first letters. */
const UNBIASED_BELOW = 248

/** Base62 characters, each as likely as any other: 5.95 bits apiece. */
export const randomBase62 = (length: number, randomBytes: (size: number) => Buffer): string => {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < UNBIASED_BELOW && text.length < length) text += BASE62[byte % BASE62.length]
    }
  }
  return text
}
