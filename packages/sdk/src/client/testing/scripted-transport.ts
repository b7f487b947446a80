import { neverSent } from '../connection-failure'
import type { Transport, TransportRequest } from '../transport'

/** An answer; an error to throw; or `hang` for no answer at all, even when the request is aborted. */
export type Step =
  | { status: number; headers?: Record<string, string>; setCookie?: string[]; body?: string }
  | Error
  | 'hang'

export interface ScriptedTransport extends Transport {
  readonly requests: readonly TransportRequest[]
  /** How many bodies were read to their end. */
  readonly drained: () => number
}

/** A transport that answers step by step; the last step is repeated. */
export const scriptedTransport = (...steps: [Step, ...Step[]]): ScriptedTransport => {
  const requests: TransportRequest[] = []
  let drained = 0
  return {
    requests,
    drained: () => drained,
    async send(request) {
      const step = steps[Math.min(requests.length, steps.length - 1)]!
      requests.push(request)
      if (step === 'hang') return new Promise(() => {})
      if (step instanceof Error) throw step
      const text = async () => {
        drained++
        return step.body ?? ''
      }
      const chunks = async function* () {
        yield new TextEncoder().encode(await text())
      }
      const { status, headers = {}, setCookie = [] } = step
      return { status, headers, setCookie, text, chunks }
    },
    requestNeverSent: neverSent,
    close: async () => {},
  }
}

/** The envelope of a success. */
export const ok = (data: unknown, more: object = {}): Step => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1' },
  body: JSON.stringify({ success: true, status: 200, code: 'OK', message: 'Done', data, ...more }),
})

/** The envelope of an error. */
export const failed = (
  status: number,
  code: string,
  { headers = {}, meta }: { headers?: Record<string, string>; meta?: object } = {},
): Step => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers },
  body: JSON.stringify({ success: false, status, code, message: `Failed: ${code}`, meta }),
})

/** An error as Node's sockets throw it. */
export const socketError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })
