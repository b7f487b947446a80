import Bowser from 'bowser'

/** `Firefox on Linux`, or a program's own first word such as `snoop-cli/0.1.0`. */
export const describeDevice = (userAgent: string): string => {
  if (userAgent === '') return 'Unknown'
  const { browser, os } = Bowser.parse(userAgent)
  if (!browser.name || !os.name) return userAgent.split(' ', 1)[0] ?? 'Unknown'
  return `${browser.name} on ${os.name}`
}
