/** What the command line asks to be told instead of starting the server. */
export const findInformationFlag = (argv: readonly string[]): 'help' | 'version' | undefined => {
  if (argv.includes('--help') || argv.includes('-h')) return 'help'
  return argv.includes('--version') ? 'version' : undefined
}
