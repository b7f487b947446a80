import { isIPv4 } from 'node:net'

/** True if `host`, as written in a URL or a listen address, can only be this machine. */
export const isLoopbackHost = (host: string): boolean => {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return (
    name === '::1' ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    (isIPv4(name) && name.startsWith('127.'))
  )
}
