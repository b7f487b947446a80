import { createInterface } from 'node:readline'
import type { BrokerAnswer, BrokerRequest } from './broker-protocol'
import { systemKeychain } from './system-keychain'

const perform = async (request: BrokerRequest): Promise<BrokerAnswer> => {
  const keychain = systemKeychain()
  const { service, account } = request
  try {
    if (request.method === 'setPassword') {
      await keychain.setPassword(service, account, request.password)
      return { ok: true, value: null }
    }
    return { ok: true, value: await keychain[request.method](service, account) }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * The program of the keychain process: a process of its own, since only a killed process is sure to give up on a
 * keychain that hangs. Ends when its stdin does, so that it never outlives its parent.
 */
const serve = async (): Promise<void> => {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await perform(JSON.parse(line)))}\n`)
  }
}

await serve()
