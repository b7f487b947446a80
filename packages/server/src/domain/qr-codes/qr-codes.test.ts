import type { QrDesign } from '@snoop/sdk/contract'
import jsqr from 'jsqr'
import { PNG } from 'pngjs'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { openShortLink } from '../short-links/open-short-link'
import { shortUrl } from '../short-links/short-link'
import { createQrCode } from './create-qr-code'
import { deleteQrCode } from './delete-qr-code'
import { drawQrCode } from './draw-qr-code'
import { getQrCode } from './get-qr-code'
import { listQrCodes } from './list-qr-codes'
import { logoOf } from './testing/logo-of'
import { type QrCodeChange, updateQrCode } from './update-qr-code'

const PLAIN: QrDesign = {
  foreground: '#000000',
  background: '#FFFFFF',
  errorCorrection: 'M',
  size: 300,
  margin: 4,
  logo: null,
}
const TARGET = 'https://example.com/a'

describeOnEachEngine('QR codes', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
    owner = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (design: Partial<QrDesign> = {}, name = 'Poster') =>
    createQrCode(domain.context, actorOf(owner), organizationId, {
      name,
      longUrl: TARGET,
      design: { ...PLAIN, ...design },
    })
  const update = (number: number, change: QrCodeChange) =>
    updateQrCode(domain.context, actorOf(owner), organizationId, number, change)
  const draw = (number: number, format: 'png' | 'svg' = 'png') =>
    drawQrCode(domain.context, organizationId, number, format)
  const list = (query: object = {}) =>
    listQrCodes(domain.context, organizationId, { offset: 0, limit: 15, sort: '-date', ...query })
  const code = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'OK',
      error => error.code,
    )
  const visit = (alias: string) => openShortLink(domain.context, alias, { counts: true })

  it('say their short URL, which leads to the target and counts', async () => {
    const qrCode = await create()
    expect(qrCode).toMatchObject({ number: 1, name: 'Poster', long_url: TARGET, clicks: 0 })
    const png = PNG.sync.read(Buffer.from(await draw(1)))
    const text = jsqr(new Uint8ClampedArray(png.data), png.width, png.height)?.data
    expect(text).toBe(shortUrl(domain.context, qrCode.alias))
    expect(await visit(qrCode.alias)).toEqual({ outcome: 'redirect', location: TARGET })
    expect((await getQrCode(domain.context, organizationId, 1)).clicks).toBe(1)
  })

  it('made or changed are answered as they were written, though deleted a moment later', async () => {
    const { storage } = domain
    const context: TestDomain['context'] = {
      ...domain.context,
      storage: {
        ...storage,
        transaction: async work => {
          const written = await storage.transaction(work)
          await domain.engine.db
            .deleteFrom('qr_codes')
            .where('organization_id', '=', organizationId)
            .execute()
          return written
        },
      },
    }
    const input = { name: 'Poster', longUrl: TARGET, design: PLAIN }
    const made = await createQrCode(context, actorOf(owner), organizationId, input)
    expect(made).toMatchObject({ number: 1, name: 'Poster', long_url: TARGET, clicks: 0 })
    const { number } = await create()
    const before = await getQrCode(domain.context, organizationId, number)
    domain.advance(10)
    const change = { name: 'Flyer', longUrl: 'https://example.org/' }
    expect(await updateQrCode(context, actorOf(owner), organizationId, number, change)).toEqual({
      ...before,
      name: 'Flyer',
      long_url: 'https://example.org/',
      updated_at: domain.now(),
    })
  })

  it('made are answered as they are kept', async () => {
    const made = await create()
    expect(made).toEqual(await getQrCode(domain.context, organizationId, made.number))
  })

  it('are numbered apart from links, and listed without their designs by date, scans and name', async () => {
    const names = async (query: object) => (await list(query)).items.map(({ name }) => name)
    const made = []
    for (const name of ['Door', 'Table 1', 'Table 2']) {
      made.push(await create({}, name))
      domain.advance(1)
    }
    await visit(made[1]?.alias ?? '')
    expect(made.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(await names({})).toEqual(['Table 2', 'Table 1', 'Door'])
    expect(await names({ sort: '-clicks' })).toEqual(['Table 1', 'Table 2', 'Door'])
    expect(await names({ q: 'table', sort: 'date' })).toEqual(['Table 1', 'Table 2'])
    expect(await names({ q: 'EXAMPLE.com/A' })).toHaveLength(3)
    expect(await list({ limit: 1 })).toMatchObject({ total: 3 })
    expect((await list()).items[0]).not.toHaveProperty('design')
  })

  it('changed lead elsewhere under the same URL, and keep what is not named', async () => {
    const { alias } = await create({ foreground: '#123456' })
    const before = await draw(1)
    const changed = await update(1, {
      longUrl: 'https://example.org/',
      name: undefined,
      design: { size: undefined },
    })
    expect(changed).toMatchObject({ alias, name: 'Poster', long_url: 'https://example.org/' })
    expect(Buffer.compare(await draw(1), before)).toBe(0)
    expect(await visit(alias)).toMatchObject({ location: 'https://example.org/' })
    await update(1, { name: 'Door', design: { size: 400 } })
    expect(PNG.sync.read(Buffer.from(await draw(1))).width).toBe(400)
    expect((await getQrCode(domain.context, organizationId, 1)).name).toBe('Door')
  })

  it('are not changed to what no camera reads', async () => {
    await create({ errorCorrection: 'H' })
    const refused = (field: string) =>
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        detail: { fields: [expect.objectContaining({ field })] },
      })
    await expect(update(1, { design: { foreground: '#FFFFFF' } })).rejects.toEqual(refused('foreground'))
    await expect(update(1, { design: { size: 36 } })).rejects.toEqual(refused('size'))
    await expect(update(1, { longUrl: 'javascript:alert(1)' })).rejects.toEqual(refused('url'))
    await update(1, { design: { logo: logoOf(8, 8) } })
    await expect(update(1, { design: { errorCorrection: 'M' } })).rejects.toEqual(refused('errorCorrection'))
    await update(1, { design: { errorCorrection: 'M', logo: null } })
  })

  it('have their logo decoded before the organization is held, and the one that is kept not again', async () => {
    await create({ errorCorrection: 'H' })
    const storage = {
      ...domain.storage,
      transaction: () => Promise.reject(new Error('held')),
    }
    const logo = 'data:image/png;base64,AAAA'
    const attempt = updateQrCode({ ...domain.context, storage }, actorOf(owner), organizationId, 1, {
      design: { logo },
    })
    await expect(attempt).rejects.toMatchObject({ detail: { fields: [{ field: 'logo' }] } })
    // Were it looked at, it would be refused.
    const design = JSON.stringify({ ...PLAIN, errorCorrection: 'H', logo })
    await domain.engine.db
      .updateTable('qr_codes')
      .set({ design })
      .where('organization_id', '=', organizationId)
      .execute()
    expect((await update(1, { design: { size: 400 } })).number).toBe(1)
  })

  it('deleted go with their short link', async () => {
    const { alias } = await create()
    await deleteQrCode(domain.context, actorOf(owner), organizationId, 1)
    expect(await code(visit(alias))).toBe('NOT_FOUND')
    const attempts = [
      getQrCode(domain.context, organizationId, 1),
      draw(1),
      update(1, {}),
      deleteQrCode(domain.context, actorOf(owner), organizationId, 1),
    ]
    expect(await Promise.all(attempts.map(code))).toEqual(Array(4).fill('NOT_FOUND'))
  })

  it('are of members of their organization alone', async () => {
    await create()
    const stranger = await domain.signUp()
    const theirs = await domain.foundOrganization({ [stranger.userId]: 'owner' })
    const attempts = [
      getQrCode(domain.context, theirs, 1),
      drawQrCode(domain.context, theirs, 1, 'png'),
      updateQrCode(domain.context, actorOf(stranger), theirs, 1, { name: 'x' }),
      deleteQrCode(domain.context, actorOf(stranger), theirs, 1),
    ]
    expect(await Promise.all(attempts.map(code))).toEqual(Array(4).fill('NOT_FOUND'))
    expect(await code(updateQrCode(domain.context, actorOf(stranger), organizationId, 1, {}))).toBe(
      'FORBIDDEN',
    )
  })

  it('leave what was done to them in the audit log', async () => {
    await create()
    await update(1, { name: 'Door', longUrl: TARGET, design: { logo: null, size: undefined } })
    await deleteQrCode(domain.context, actorOf(owner), organizationId, 1)
    const rows = await domain.engine.db
      .selectFrom('audit_events')
      .select(['action', 'details'])
      .where('organization_id', '=', organizationId)
      .orderBy('sequence')
      .execute()
    expect(rows.map(({ action, details }) => `${action} ${details}`)).toEqual([
      'qr_code.created {"name":"Poster"}',
      'qr_code.updated {"fields":["name","url","logo"]}',
      'qr_code.deleted {}',
    ])
  })
})
