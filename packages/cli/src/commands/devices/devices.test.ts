import { expect, test } from 'vitest'
import { signedInWorld } from '../../testing/run-command'

test('devices are listed, this one marked, trust told', async () => {
  const world = await signedInWorld()
  world.server.state.devices.push({ id: '01PHONE', token: 'phone', trusted: true })
  const [own] = world.server.state.devices
  const { stdout } = await world.run(['devices', 'list'], { tty: true })
  const lines = stdout.split('\n')
  expect(lines.find(line => line.endsWith(own?.id ?? ''))).toMatch(/\(this one\).* no /)
  expect(lines.find(line => line.endsWith('01PHONE'))).toContain('ends in 7 days')
  expect((await world.run(['devices', 'list', '-q'])).stdout).toBe(`${own?.id}\n01PHONE\n`)
})

test('devices are forgotten by id, each once', async () => {
  const world = await signedInWorld()
  world.server.state.devices.push({ id: '01PHONE', token: 'phone', trusted: true })
  const { code, stdout } = await world.run(['devices', 'revoke', '01PHONE', '01PHONE'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '01PHONE\n' })
  expect(world.server.state.devices.length).toBe(1)
  expect((await world.run(['devices', 'revoke', '01PHONE'])).code).toBe(3)
  expect((await world.run(['whoami'])).code).toBe(0)
})
