import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditEntry } from '@snoop/sdk/contract'
import { expect, test } from 'vitest'
import {
  addAuditEntry,
  auditChain,
  auditLogOf,
  changeAuditKey,
  jsonLines,
  removeAuditEntries,
  sealEntry,
} from '../../testing/fake-audit-routes'
import { createWorld, signedInWorld, type World } from '../../testing/run-command'

const worldWithEntries = async (count = 5): Promise<World> => {
  const world = await signedInWorld()
  for (let i = 0; i < count; i++) addAuditEntry(world.server.state)
  return world
}
const logOf = (world: World) => auditLogOf(world.server.state)
const anchorOf = (world: World) => join(world.home, 'anchor.json')
const verify = (world: World, ...argv: string[]) => world.run(['audit', 'verify', ...argv])
const anchored = (world: World) => verify(world, '--anchor', anchorOf(world))

/** Does to an entry what somebody at the database could. */
const change = (world: World, sequence: number, facts: Partial<AuditEntry>): void => {
  const { entries } = logOf(world)
  const at = entries.findIndex(entry => entry.sequence === sequence)
  entries[at] = { ...entries[at]!, ...facts }
}

test('of a sound log it says what was checked', async () => {
  const world = await worldWithEntries(1204)
  const { publicKey, lastHash } = auditChain(world.server.state)
  const text = `1,204 entries, 1 to 1204, chain unbroken, signed by ${publicKey}`
  expect(await verify(world)).toMatchObject({ code: 0, stdout: `${text}\n`, stderr: '' })
  expect((await world.run(['audit', 'verify'], { tty: true })).stdout).toBe(`✓ ${text}.\n`)
  expect(JSON.parse((await verify(world, '--json')).stdout)).toMatchObject({
    intact: true,
    entries: 1204,
    first: 1,
    last: 1204,
    lastHash,
    publicKey,
    findings: [],
  })
})

test('a log without entries is sound, and so is one that retention cut', async () => {
  const world = await signedInWorld()
  expect((await verify(world)).stdout).toMatch(/^0 entries, chain unbroken/)
  for (let i = 0; i < 5; i++) addAuditEntry(world.server.state)
  removeAuditEntries(world.server.state, 3)
  expect((await verify(world)).stdout).toMatch(/^2 entries, 4 to 5, those up to 3 removed by retention/)
})

test('entries that come while the log is read are checked too, and are no finding', async () => {
  const world = await worldWithEntries()
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/export')) addAuditEntry(world.server.state)
    return undefined
  }
  expect((await verify(world)).stdout).toMatch(/^6 entries/)
})

test('retention between the ends of the log and its entries is no finding', async () => {
  const world = await worldWithEntries()
  let isCut = false
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/export') && !isCut) {
      removeAuditEntries(world.server.state, 2)
      isCut = true
    }
    return undefined
  }
  expect((await verify(world)).stdout).toMatch(/^3 entries, 3 to 5/)
})

const attacks: Record<string, (world: World) => void> = {
  altered: world => change(world, 3, { outcome: 'refused' }),
  missing: world => logOf(world).entries.splice(2, 1),
  forged: world => {
    const { entries } = logOf(world)
    const key = logOf(world).privateKey
    changeAuditKey(world.server.state)
    for (const entry of entries.splice(2)) {
      const previousHash = entries.at(-1)?.hash ?? ''
      entries.push(sealEntry(logOf(world), { ...entry, userId: 'mallory', previousHash }))
    }
    logOf(world).privateKey = key
  },
}

test.each(Object.entries(attacks))(
  'what was %s is found: exit 13, the first finding first',
  async (kind, attack) => {
    const world = await worldWithEntries()
    attack(world)
    const { code, stdout, stderr } = await verify(world)
    expect({ code, stdout }).toEqual({ code: 13, stdout: '' })
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`^✗ .*\\b3\\b.*\\(${kind}\\)$`))
    const report = await verify(world, '--json')
    expect(report).toMatchObject({ code: 13, stderr: '' })
    expect(JSON.parse(report.stdout)).toMatchObject({
      intact: false,
      findings: [expect.objectContaining({ kind, sequence: 3 })],
    })
  },
)

test('of many findings a person gets ten, and how many more', async () => {
  const world = await worldWithEntries(30)
  for (let sequence = 1; sequence <= 30; sequence++) change(world, sequence, { userId: 'mallory' })
  const { stderr } = await verify(world)
  expect(stderr.match(/\(altered\)/g)?.length).toBe(10)
  expect(stderr).toContain('And 20 more.')
})

test('an anchor is made by the first run, for its owner alone, and moves on with each', async () => {
  const world = await worldWithEntries()
  expect((await anchored(world)).code).toBe(0)
  expect(statSync(anchorOf(world)).mode & 0o777).toBe(0o600)
  addAuditEntry(world.server.state)
  expect((await anchored(world)).code).toBe(0)
  expect(JSON.parse(readFileSync(anchorOf(world), 'utf8'))).toMatchObject({
    organizationId: '01ORGACME',
    sequence: 6,
    hash: auditChain(world.server.state).lastHash,
  })
})

test('a tail that was cut off with the record of the end is found by the anchor alone, again and again', async () => {
  const world = await worldWithEntries()
  await anchored(world)
  logOf(world).entries.splice(3)
  expect((await verify(world)).code).toBe(0)
  const before = readFileSync(anchorOf(world), 'utf8')
  expect(await anchored(world)).toMatchObject({ code: 13, stderr: expect.stringContaining('(missing)') })
  expect(readFileSync(anchorOf(world), 'utf8')).toBe(before)
  for (let i = 0; i < 3; i++) addAuditEntry(world.server.state, { action: 'member.left' })
  expect((await anchored(world)).code).toBe(13)
})

test('a log that another key signs is refused with an anchor', async () => {
  const world = await worldWithEntries()
  await anchored(world)
  changeAuditKey(world.server.state)
  const { entries } = logOf(world)
  for (const entry of entries.splice(0)) entries.push(sealEntry(logOf(world), entry))
  expect((await verify(world)).code).toBe(0)
  const { code, stderr } = await world.run(['audit', 'verify', '--anchor', anchorOf(world), '--json'])
  expect(code).toBe(13)
  expect(JSON.parse(stderr).error.code).toBe('audit.key_changed')
})

test('an anchor whose entry retention has removed still holds', async () => {
  const world = await worldWithEntries()
  await anchored(world)
  addAuditEntry(world.server.state)
  addAuditEntry(world.server.state)
  removeAuditEntries(world.server.state, 6)
  expect((await anchored(world)).code).toBe(0)
})

test('an anchor of another organization, or a damaged one, is refused and left as it is', async () => {
  const world = await worldWithEntries()
  const anchor = { organizationId: '01OTHER', sequence: 1, hash: 'x', publicKey: 'y' }
  for (const [text, code] of [
    [JSON.stringify(anchor), 2],
    ['{"sequence":1}', 12],
    ['nonsense', 12],
  ] as const) {
    writeFileSync(anchorOf(world), text)
    expect((await anchored(world)).code).toBe(code)
    expect(readFileSync(anchorOf(world), 'utf8')).toBe(text)
  }
})

/** The export and the ends of a log, in files. */
const writeFiles = (world: World, wrapped = true) => {
  const [file, chain] = [join(world.home, 'audit.jsonl'), join(world.home, 'chain.json')]
  const ends = auditChain(world.server.state)
  writeFileSync(file, jsonLines(logOf(world).entries))
  writeFileSync(chain, JSON.stringify(wrapped ? { success: true, data: ends } : ends))
  return { file, chain, argv: ['--file', file, '--chain', chain] }
}

test.each([true, false])(
  'files are verified by somebody who is not signed in (envelope: %s)',
  async wrapped => {
    const world = await worldWithEntries(300)
    const { file, argv } = writeFiles(world, wrapped)
    const elsewhere = await createWorld()
    expect((await verify(elsewhere, ...argv)).stdout).toMatch(/^300 entries, 1 to 300, chain unbroken/)
    expect(elsewhere.server.requests).toEqual([])
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n[^\n]+\n$/, '\n'))
    expect(await verify(elsewhere, ...argv)).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('(missing)'),
    })
    writeFileSync(file, `garbage\n${readFileSync(file, 'utf8')}`)
    expect((await verify(elsewhere, ...argv)).stderr).toContain('(unreadable)')
  },
)

test.each([
  ['in csv', 'sequence,createdAt\n1,2090-06-01T12:00:00.000Z\n'],
  ['of pages of the API', '{"success":true,"data":{"logs":[]}}\n'],
  ['that is compressed', '\u001f\u008b\u0008\u0000'],
])('a file %s is no export, which is no finding', async (_, text) => {
  const world = await worldWithEntries()
  const { file, argv } = writeFiles(world)
  writeFileSync(file, text)
  const { code, stderr } = await verify(world, ...argv)
  expect(code).toBe(2)
  expect(stderr).toContain('This is no jsonl export')
  expect(stderr).toContain('snoop audit export')
  expect((await verify(world, ...argv, '--json')).code).toBe(2)
})

test('the files are named again where all findings are to be had, in words that a shell takes', async () => {
  const world = await worldWithEntries()
  const { file, chain } = writeFiles(world)
  const other = join(world.home, "Ada's copy.jsonl")
  for (const path of [file, other]) {
    writeFileSync(path, jsonLines(logOf(world).entries).replace('project.created', 'project.deleted'))
  }
  const own = await verify(world, '--file', file, '--chain', chain, '--anchor', anchorOf(world))
  const files = `--file ${file} --chain ${chain} --anchor ${anchorOf(world)}`
  expect(own.stderr).toContain(`All findings:  snoop audit verify ${files} --json\n`)
  const copy = await verify(world, '--file', other, '--chain', chain)
  expect(copy.stderr).toContain(`--file '${world.home}/Ada'\\''s copy.jsonl' --chain`)
})

test('entries that came after an export may be all that is missing of it; none that is missing within', async () => {
  const world = await worldWithEntries()
  const { file, argv } = writeFiles(world)
  const lines = readFileSync(file, 'utf8').split(/(?<=\n)/)
  writeFileSync(file, lines.slice(0, 3).join(''))
  const late = await verify(world, ...argv)
  expect(late).toMatchObject({ code: 13, stderr: expect.stringContaining('4 to 5 are missing') })
  expect(late.stderr).toMatch(/\n {2}The chain may be newer than the export/)
  writeFileSync(file, [...lines.slice(0, 2), ...lines.slice(3)].join(''))
  expect((await verify(world, ...argv)).stderr).not.toContain('newer')
})

test('an anchor goes with files, too', async () => {
  const world = await worldWithEntries()
  const { argv } = writeFiles(world)
  expect((await verify(world, ...argv, '--anchor', anchorOf(world))).code).toBe(0)
  expect((await anchored(world)).code).toBe(0)
})

test('files that are not there or hold something else are named', async () => {
  const world = await worldWithEntries()
  const { file, chain } = writeFiles(world)
  const nowhere = join(world.home, 'nowhere')
  for (const [argv, complaint] of [
    [['--file', file], '--chain'],
    [['--chain', chain], '--file'],
    [['--file', nowhere, '--chain', chain], nowhere],
    [['--file', world.home, '--chain', chain], world.home],
    [['--file', file, '--chain', nowhere], nowhere],
    [['--file', file, '--chain', file], 'does not hold the ends'],
  ] as const) {
    const { code, stderr } = await verify(world, ...argv)
    expect({ argv, code }).toEqual({ argv, code: 2 })
    expect(stderr).toContain(complaint)
  }
})

test('a stream that breaks off is no finding but a failure', async () => {
  const world = await worldWithEntries()
  world.server.interfere = ({ url }) => (url.pathname.endsWith('/export') ? 'refused' : undefined)
  expect((await verify(world)).code).toBe(9)
})
