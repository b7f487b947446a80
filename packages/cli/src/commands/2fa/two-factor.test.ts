import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TOTP_URI } from '../../testing/fake-account-routes'
import { RIGHT_CODE } from '../../testing/fake-sign-in-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const ENABLE = ['2fa', 'enable']
const SECRET = 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP'

const narrow = (world: World, columns: number): void => {
  world.adapt = around => ({ ...around, stdout: Object.assign(around.stdout, { columns }) })
}

const codesOf = (world: World): readonly string[] => world.server.state.twoFactor?.backupCodes ?? []

test('an app is set up: picture, secret, a first code, backup codes at the end', async () => {
  const world = await signedInWorld()
  const { code, asked, stdout } = await world.run(ENABLE, { tty: true, answers: [RIGHT_CODE] })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Code that the app shows now'] })
  expect(world.server.state.twoFactor?.confirmed).toBe(true)
  const [before, picture] = [stdout.indexOf(SECRET), stdout.indexOf('\u001b[38;5;16;48;5;231m')]
  const after = stdout.indexOf('The second factor is on.')
  expect([before < picture, picture < after]).toEqual([true, true])
  for (const backupCode of codesOf(world)) expect(stdout.indexOf(backupCode)).toBeGreaterThan(after)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test.each([
  ['a narrow terminal', 40, {}],
  ['a dumb terminal', 120, { TERM: 'dumb' }],
])('on %s the secret is shown alone', async (_, columns, env) => {
  const world = await signedInWorld()
  narrow(world, columns)
  const { code, stdout, stderr } = await world.run(ENABLE, { tty: true, env, answers: [RIGHT_CODE] })
  expect(code).toBe(0)
  expect(stdout).toContain(SECRET)
  expect(stdout).not.toContain('\u001b[')
  expect(stderr).toContain('no room for a QR code')
})

test('codes by mail need no picture', async () => {
  const world = await signedInWorld()
  const run = world.run([...ENABLE, '--method', 'email'], { tty: true, answers: [RIGHT_CODE] })
  const { code, asked, stdout } = await run
  expect({ code, asked }).toEqual({ code: 0, asked: ['Code from the mail'] })
  expect(stdout).not.toContain('\u001b[')
  expect(world.server.state.twoFactor).toMatchObject({ method: 'email', confirmed: true })
})

test('backup codes go into a new file that only its owner can read, and are not shown', async () => {
  const world = await signedInWorld()
  const file = join(world.home, 'codes.txt')
  const args = [...ENABLE, '--backup-codes-file', file]
  const { code, stdout, stderr } = await world.run(args, { tty: true, answers: [RIGHT_CODE] })
  expect(code).toBe(0)
  expect(await readFile(file, 'utf8')).toBe(`${codesOf(world).join('\n')}\n`)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  for (const backupCode of codesOf(world)) expect(stdout + stderr).not.toContain(backupCode)
})

test('a file that exists is not overwritten, and nothing is begun', async () => {
  const world = await signedInWorld()
  const file = join(world.home, 'codes.txt')
  await writeFile(file, 'mine')
  const args = [...ENABLE, '--backup-codes-file', file]
  expect((await world.run(args, { tty: true, answers: [RIGHT_CODE] })).code).toBe(6)
  expect(await readFile(file, 'utf8')).toBe('mine')
  expect(world.server.state.twoFactor).toBeUndefined()
})

test('a wrong code is asked for again, three times in all; then it is not on, and no file is left', async () => {
  const world = await signedInWorld()
  const file = join(world.home, 'codes.txt')
  const args = [...ENABLE, '--backup-codes-file', file]
  const { code, asked } = await world.run(args, { tty: true, answers: ['000000', '000001', '000002'] })
  expect({ code, questions: asked.length }).toEqual({ code: 6, questions: 3 })
  await expect(stat(file)).rejects.toThrow()
  expect(world.server.state.twoFactor?.confirmed).toBe(false)
})

test('Ctrl-C at the code leaves it off', async () => {
  const world = await signedInWorld()
  const { code, stdout } = await world.run(ENABLE, { tty: true, answers: ['ctrl-c'] })
  expect(code).toBe(130)
  expect(world.server.state.twoFactor?.confirmed).toBe(false)
  for (const backupCode of codesOf(world)) expect(stdout).not.toContain(backupCode)
})

test('if it may be on, and nobody knows, the backup codes are not lost', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ url }) => (url.pathname.endsWith('/verify-totp') ? 'answer_lost' : undefined)
  const { code, stdout, stderr } = await world.run(ENABLE, { tty: true, answers: [RIGHT_CODE] })
  expect(code).toBe(9)
  expect(stderr).toContain('snoop 2fa status')
  for (const backupCode of codesOf(world)) expect(stdout).toContain(backupCode)
})

test('without a terminal it is begun with --json and finished with --code-stdin', async () => {
  const world = await signedInWorld()
  const refused = await world.run(ENABLE)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('snoop 2fa enable --json')
  const begun = await world.run([...ENABLE, '--json'])
  expect(JSON.parse(begun.stdout)).toEqual({
    enabled: false,
    method: 'totp',
    totpURI: TOTP_URI,
    secret: SECRET.replaceAll(' ', ''),
    backupCodes: codesOf(world),
  })
  const wrong = await world.run([...ENABLE, '--code-stdin'], { stdin: '000000\n' })
  expect(wrong.code).toBe(6)
  const finished = await world.run([...ENABLE, '--code-stdin', '--json'], { stdin: `${RIGHT_CODE}\n` })
  expect(finished.code).toBe(0)
  expect(JSON.parse(finished.stdout)).toEqual({ enabled: true, method: 'totp' })
  expect(world.server.state.twoFactor?.confirmed).toBe(true)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('with --json the backup codes may go into a file as well', async () => {
  const world = await signedInWorld()
  const file = join(world.home, 'codes.txt')
  const { stdout } = await world.run([...ENABLE, '--json', '--backup-codes-file', file])
  expect(JSON.parse(stdout)).toMatchObject({ backupCodesFile: file })
  expect(stdout).not.toContain(codesOf(world)[0])
  const late = await world.run([...ENABLE, '--code-stdin', '--backup-codes-file', 'x'], { stdin: RIGHT_CODE })
  expect(late.code).toBe(2)
})

const protectedWorld = async (): Promise<World> => {
  const world = await signedInWorld()
  world.server.state.twoFactor = { method: 'totp', confirmed: true, backupCodes: ['k7m2q-9xw4t'] }
  return world
}

test('once on, it is not set up again', async () => {
  const world = await protectedWorld()
  expect((await world.run(ENABLE, { tty: true })).code).toBe(6)
})

test('status says whether it is on, and when few backup codes are left', async () => {
  const off = await signedInWorld()
  expect((await off.run(['2fa', 'status'])).stdout).toContain('second factor\toff\n')
  const on = await protectedWorld()
  const { stdout, stderr } = await on.run(['2fa', 'status'])
  expect(stdout).toContain('second factor\ton\nmethod\ttotp\n')
  expect(stdout).toContain('backup codes left\t1\n')
  expect(stderr).toContain('snoop 2fa backup-codes')
  expect(JSON.parse((await on.run(['2fa', 'status', '--json'])).stdout)).toMatchObject({ enabled: true })
})

test('it is turned off after a yes, and the session goes on under a new secret', async () => {
  const world = await protectedWorld()
  expect((await world.run(['2fa', 'disable'])).code).toBe(2)
  expect((await world.run(['2fa', 'disable'], { tty: true, answers: [false] })).code).toBe(1)
  expect(world.server.state.twoFactor).toBeDefined()
  expect((await world.run(['2fa', 'disable'], { tty: true, answers: [true] })).code).toBe(0)
  expect(world.server.state.twoFactor).toBeUndefined()
  expect((await world.run(['whoami'])).code).toBe(0)
  expect((await world.run(['2fa', 'disable', '--yes'])).code).toBe(6)
})

test('new backup codes are made after a yes: a line each in a pipe, or a file', async () => {
  const world = await protectedWorld()
  expect((await world.run(['2fa', 'backup-codes'], { tty: true, answers: [false] })).code).toBe(1)
  expect(codesOf(world)).toEqual(['k7m2q-9xw4t'])
  const printed = await world.run(['2fa', 'backup-codes', '--yes'])
  expect(printed.stdout).toBe(`${codesOf(world).join('\n')}\n`)
  const asJson = await world.run(['2fa', 'backup-codes', '--yes', '--json'])
  expect(JSON.parse(asJson.stdout)).toEqual({ backupCodes: codesOf(world) })
  const file = join(world.home, 'codes.txt')
  const kept = await world.run(['2fa', 'backup-codes', '--yes', '--backup-codes-file', file])
  expect(kept.stdout).toBe('')
  expect(await readFile(file, 'utf8')).toBe(`${codesOf(world).join('\n')}\n`)
})
