import type { ClientOptions } from '../client-types'
import { createClientWith } from '../create-client'
import { fakeRuntime } from './fake-runtime'
import { type ScriptedTransport, type Step, scriptedTransport } from './scripted-transport'

export const baseUrl = 'https://auth.example.com'

/** A client whose server answers step by step. */
export const givenClient = (options: Partial<ClientOptions>, ...steps: [Step, ...Step[]]) => {
  const transport: ScriptedTransport = scriptedTransport(...steps)
  return { transport, client: createClientWith(fakeRuntime(), { baseUrl, transport, ...options }) }
}
