/** Set at build time from package.json. */
declare const SNOOP_CLI_VERSION: string | undefined

export const CLI_VERSION = typeof SNOOP_CLI_VERSION === 'string' ? SNOOP_CLI_VERSION : '0.0.0-source'
