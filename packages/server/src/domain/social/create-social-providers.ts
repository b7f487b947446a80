import type { Config } from '../../config/config'
import { createGithubProvider } from './github-provider'
import { createOpenIdProvider } from './openid-provider'
import type { SocialProvider } from './social-provider'

/** Providers by the names that they have in paths. */
export type SocialProviders = ReadonlyMap<string, SocialProvider>

/** Nothing is called before somebody signs in. @param clock milliseconds since 1970 */
export const createSocialProviders = (
  configs: Config['socialProviders'],
  clock: () => number,
): SocialProviders =>
  new Map(
    Object.entries(configs).map(([key, config]) => [
      key,
      config.kind === 'github' ? createGithubProvider(config) : createOpenIdProvider(config, clock),
    ]),
  )
