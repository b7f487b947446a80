import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { addAuditEntry } from '../../testing/fake-audit-routes'
import { addMember } from '../../testing/fake-member-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const addEntries = (world: World, count: number): void => {
  for (let i = 0; i < count; i++) addAuditEntry(world.server.state)
}

test('a list has who did what with what and from where, newest first', async () => {
  const world = await signedInWorld()
  addAuditEntry(world.server.state)
  addAuditEntry(world.server.state, {
    action: 'subscription.ended',
    userId: null,
    userName: null,
    credentialType: 'system',
    credentialId: null,
    ipAddress: null,
  })
  const { stdout } = await world.run(['audit', 'list'], { tty: true })
  const [head, first, second] = stdout.split('\n')
  expect(head).toMatch(/^# +TIME +ACTION +WHO +OUTCOME +RESOURCE +CREDENTIAL +ADDRESS$/)
  expect(first).toMatch(/^2 +just now +subscription.ended +the server +success +project \S+ +system$/)
  expect(second).toMatch(
    /^1 +just now +project.created +Ada +success +project 01PROJ1 +session \S+ +192.0.2.1$/,
  )
  expect((await world.run(['audit', 'list', '-q'])).stdout).toBe('2\n1\n')
  expect(JSON.parse((await world.run(['audit', 'list', '--json'])).stdout)).toMatchObject([
    { sequence: 2 },
    { sequence: 1, details: { name: 'Café "x", y' } },
  ])
})

test('what others wrote into an entry cannot steer the terminal', async () => {
  const world = await signedInWorld()
  addAuditEntry(world.server.state, { userName: 'A\u001b[2Jda', resourceId: 'x\u202ey\n2 forged' })
  const { stdout } = await world.run(['audit', 'list'], { tty: true })
  expect(stdout).toContain('Ada')
  expect(stdout.trimEnd().split('\n').length).toBe(2)
  expect(stdout).not.toContain('\u001b')
  expect(stdout).not.toContain('\u202e')
})

test('a list stops at its limit and says so; --all has every entry once, though the log grows meanwhile', async () => {
  const world = await signedInWorld()
  addEntries(world, 230)
  const some = await world.run(['audit', 'list'], { tty: true })
  expect(some.stderr).toContain('50 of 230')
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/audit-logs')) addAuditEntry(world.server.state)
    return undefined
  }
  const { stdout } = await world.run(['audit', 'list', '--all', '--json'])
  const sequences = JSON.parse(stdout).map(({ sequence }: { sequence: number }) => sequence)
  expect(new Set(sequences).size).toBe(sequences.length)
  expect(sequences.slice(-230)).toEqual(Array.from({ length: 230 }, (_, i) => 230 - i))
})

test('filters go to the server, times so long ago as times', async () => {
  const world = await signedInWorld()
  const argv = ['audit', 'list', '--action', 'member.removed', '--resource-type', 'member']
  const more = ['--resource-id', '01M', '--user', '01U', '--outcome', 'refused']
  await world.run([...argv, ...more, '--since', '24h', '--until', '2090-06-01'])
  const { searchParams } = world.server.requests.at(-1)!.url
  expect(Object.fromEntries(searchParams)).toEqual({
    action: 'member.removed',
    resourceType: 'member',
    resourceId: '01M',
    userId: '01U',
    outcome: 'refused',
    startDate: '2090-05-31T12:00:00.000Z',
    endDate: '2090-06-01',
    limit: '50',
  })
})

test('a user is a member by address, too, also in an export; nobody is nothing of the log', async () => {
  const world = await signedInWorld()
  const { userId } = addMember(world.server.state, { email: 'grace@example.com' })
  addAuditEntry(world.server.state)
  addAuditEntry(world.server.state, { userId })
  expect((await world.run(['audit', 'list', '--user', 'Grace@example.com', '-q'])).stdout).toBe('2\n')
  const { stdout } = await world.run(['audit', 'export', '--user', 'grace@example.com'])
  expect(
    stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).sequence),
  ).toEqual([2])
  const gone = await world.run(['audit', 'list', '--user', 'gone@example.com'])
  expect(gone).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('userId') })
})

test.each(['yesterday', '2090-13-01', '12', '2090-06-01T25:00Z'])('--since %s makes no sense', async time => {
  const world = await signedInWorld()
  expect((await world.run(['audit', 'list', '--since', time])).code).toBe(2)
})

/** Does this instead of the nth wait of the command, and asks it to stop at the last one. */
const atEachWait = (world: World, steps: readonly (() => void)[]): readonly number[] => {
  const stop = new AbortController()
  const waits: number[] = []
  world.adapt = around => ({
    ...around,
    signal: stop.signal,
    sleep: async (milliseconds, signal) => {
      waits.push(milliseconds)
      world.nowMs += milliseconds
      const step = steps[waits.length - 1]
      if (step) return step()
      stop.abort(new CliError('Stopped.', { code: 'terminated', exit: 143 }))
      signal.throwIfAborted()
    },
  })
  return waits
}

test('tail prints what is new, in order, and ends in silence when it is asked to stop', async () => {
  const world = await signedInWorld()
  addEntries(world, 3)
  const waits = atEachWait(world, [
    () => addEntries(world, 2),
    () => undefined,
    // More than a page, and clocks that go back.
    () => {
      for (let i = 0; i < 150; i++)
        addAuditEntry(world.server.state, { createdAt: new Date(world.nowMs - i).toISOString() })
    },
  ])
  const { code, stdout, stderr } = await world.run(['audit', 'tail', '--interval', '5s', '--json'])
  expect({ code, stderr }).toEqual({ code: 143, stderr: '' })
  expect(waits).toEqual([5000, 5000, 5000, 5000])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line).sequence)).toEqual(Array.from({ length: 152 }, (_, i) => i + 4))
})

test('tail writes one line an entry: for a person, a pipe, and in short', async () => {
  const world = await signedInWorld()
  const tail = async (...argv: string[]) => {
    atEachWait(world, [() => addAuditEntry(world.server.state, { resourceId: 'a\tb\nc' })])
    return (await world.run(['audit', 'tail', ...argv], { tty: argv.includes('--no-color') })).stdout
  }
  expect(await tail()).toMatch(/^1\t2090-\S+Z\tproject.created\t01USERADA\tsuccess\tproject a b c\t.*\n$/)
  expect(await tail('--no-color')).toMatch(/^2 {2}2090-\S+Z {2}project.created {2}Ada {2}.*\n$/)
  expect(await tail('-q')).toBe('3\n')
})

test('tail waits for a server that is away, says so once, and loses nothing', async () => {
  const world = await signedInWorld()
  addEntries(world, 1)
  const away = () => {
    world.server.interfere = () => 'refused'
    addEntries(world, 1)
  }
  const still = () => {
    world.server.interfere = () => ({
      status: 503,
      headers: { 'retry-after': '7' },
      body: { success: false, status: 503, code: 'SERVICE_UNAVAILABLE', message: 'Busy' },
    })
  }
  const back = () => {
    world.server.interfere = () => undefined
  }
  const waits = atEachWait(world, [away, still, back])
  const { code, stdout, stderr } = await world.run(['audit', 'tail', '-q'])
  expect({ code, stdout }).toEqual({ code: 143, stdout: '2\n' })
  expect(waits).toEqual([2000, 2000, 7000, 2000])
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^! .+Waiting for it\.$/),
    '! The server answers again.',
  ])
})

test('tail gives up on a server that stays away for five minutes', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ url }) => (url.searchParams.has('afterSequence') ? 'refused' : undefined)
  const startMs = world.nowMs
  expect((await world.run(['audit', 'tail'])).code).toBe(9)
  expect(world.nowMs - startMs).toBeGreaterThan(290_000)
})

test('tail ends at once where waiting does not help', async () => {
  const world = await signedInWorld()
  atEachWait(world, [() => world.server.state.sessions.clear()])
  const { code, stderr } = await world.run(['audit', 'tail', '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stderr).error.code).toBe('INVALID_OR_EXPIRED_TOKEN')
})

test.each(['0s', 'often'])('an interval of %s makes no sense', async interval => {
  const world = await signedInWorld()
  expect((await world.run(['audit', 'tail', '--interval', interval])).code).toBe(2)
})
