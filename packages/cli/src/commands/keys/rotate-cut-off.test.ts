import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Surroundings } from '../../context'
import { signedInWorld, type World } from '../../testing/run-command'

const KEY_SLOT = 'snoop/default@http://127.0.0.1:4000#key'
const NEXT_SLOT = 'snoop/default@http://127.0.0.1:4000#next-key'

/** Stands still for ever: nothing after it happens, as in a process that was killed. */
const never = new Promise<never>(() => undefined)

/** Lets a number of exchanges with store and server go well, then kills the run before or after the next. */
const killAt = (
  around: Surroundings,
  exchange: number,
  moment: 'before' | 'after',
  onKilled: () => void,
): Surroundings => {
  let count = 0
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    const isLast = ++count === exchange
    if (isLast && moment === 'before') {
      onKilled()
      return never
    }
    const result = await work()
    if (!isLast) return result
    onKilled()
    return never
  }
  return {
    ...around,
    async createTransport() {
      const transport = await around.createTransport()
      return { ...transport, send: request => step(() => transport.send(request)) }
    },
    async openStore(kind, storeAround) {
      const store = await around.openStore(kind, storeAround)
      return {
        ...store,
        getPassword: (service, account) => step(() => store.getPassword(service, account)),
        setPassword: (service, account, password) =>
          step(() => store.setPassword(service, account, password)),
        deletePassword: (service, account) => step(() => store.deletePassword(service, account)),
      }
    },
  }
}

/** Runs `keys rotate` until it is killed. @returns false if it came to its end */
const rotateUntilKilled = async (
  world: World,
  exchange: number,
  moment: 'before' | 'after',
): Promise<boolean> => {
  let onKilled = (): void => undefined
  const killed = new Promise<boolean>(resolve => {
    onKilled = () => resolve(true)
  })
  world.adapt = around => killAt(around, exchange, moment, onKilled)
  const finished = world.run(['keys', 'rotate']).then(() => false)
  const wasKilled = await Promise.race([killed, finished])
  world.adapt = around => around
  // The locks of a killed process are taken over; here its process, this one, lives on.
  await rm(join(world.stateDirectory, 'locks'), { recursive: true, force: true })
  return wasKilled
}

const worldWithKey = async (hasSession: boolean): Promise<World> => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  if (!hasSession) await world.run(['logout', '--keep-key'])
  return world
}

/** Without a session the run reads its credential from the same slot: a few exchanges less or more. */
const MOST_EXCHANGES = 24

describe.each([
  ['with a session', true],
  ['with the key alone', false],
] as const)('%s', (_, hasSession) => {
  test.each(['before', 'after'] as const)(
    'killed %s any exchange, the store holds a key that works and the next run finishes',
    async moment => {
      let kills = 0
      for (let exchange = 1; exchange <= MOST_EXCHANGES; exchange++) {
        const world = await worldWithKey(hasSession)
        const wasKilled = await rotateUntilKilled(world, exchange, moment)
        if (!wasKilled) break
        kills++

        const inStore = world.keychain.items.get(KEY_SLOT)
        const stored = world.server.state.keys.find(key => key.secret === inStore)
        expect(stored, `exchange ${exchange}`).toMatchObject({ revoked: false })
        expect((await world.run(['whoami'])).code, `exchange ${exchange}`).toBe(0)

        const { code, stderr } = await world.run(['keys', 'rotate'])
        expect({ code, stderr: code === 0 ? '' : stderr, exchange }).toEqual({
          code: 0,
          stderr: '',
          exchange,
        })
        const live = world.server.state.keys.filter(key => !key.revoked)
        expect(live.length, `exchange ${exchange}`).toBe(1)
        expect(world.keychain.items.get(KEY_SLOT)).toBe(live[0]?.secret)
        expect(world.keychain.items.has(NEXT_SLOT)).toBe(false)
      }
      expect(kills).toBeGreaterThan(8)
      expect(kills).toBeLessThan(MOST_EXCHANGES)
    },
  )
})
