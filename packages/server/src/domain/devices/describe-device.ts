import Bowser from 'bowser'

const UNKNOWN = 'Unknown'
const MAX_LENGTH = 100

/** What a client wrote of itself must not paint on the terminal of whoever lists sessions. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '').trim()

/** `Firefox on Linux`, or a program's own first word such as `snoop-cli/0.1.0`; at most 100 characters. */
export const describeDevice = (userAgent: string): string => {
  const text = printable(userAgent)
  if (text === '') return UNKNOWN
  const { browser, os } = Bowser.parse(text)
  const words = browser.name && os.name ? `${browser.name} on ${os.name}` : text.split(' ', 1)[0]
  return words?.slice(0, MAX_LENGTH) ?? UNKNOWN
}
