import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from '../observability/logger'
import { createStorage } from '../storage/storage'
import { openTestEngine } from '../testing/open-test-engine'
import { composeVerificationMail } from './compose-verification-mail'
import { createMailTransport } from './create-mail-transport'
import type { Mail } from './mail'
import type { MailTransport } from './mail-transport'
import { createOutboxWorker } from './outbox-worker'
import { prepareMail } from './seal-mail'
import { createSmtpTransport } from './smtp-transport'

/** What the mail server does with the mail that it was just sent. */
type Answer = 'accept' | 'refuse' | 'drop'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const startMailServer = async (answers: Answer[] = [], options: SMTPServerOptions = {}) => {
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, callback) => {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      const answer = answers.shift() ?? 'accept'
      if (answer !== 'refuse') received.push(Buffer.concat(chunks))
      if (answer === 'drop') for (const socket of sockets) socket.destroy()
      else callback(answer === 'refuse' ? new Error('Mailbox full') : null)
    },
    ...options,
  })
  server.on('error', () => {})
  server.server.on('connection', socket => sockets.add(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>(resolve => server.close(resolve))
  })
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: () => Promise.all(received.map(raw => PostalMime.parse(raw))),
    connections: () => sockets.size,
  }
}

const open = (smtpUrl: string, from = 'Snoop <no-reply@example.com>'): MailTransport => {
  const transport = createSmtpTransport({ smtpUrl, from, origin: 'https://auth.example.com' })
  cleanUps.push(() => transport.close())
  return transport
}

const mail: Mail = composeVerificationMail({
  origin: 'https://auth.example.com',
  to: 'ada@example.com',
  name: 'Ada',
  token: 'tok-1',
  validForMs: 3_600_000,
})

describe('a mail sent by SMTP', () => {
  it('arrives whole, with a Message-ID made of the outbox id and the origin', async () => {
    const server = await startMailServer()
    await open(server.url).deliver(mail, '01ABC')
    const [got] = await server.mails()
    expect(got).toMatchObject({
      from: { name: 'Snoop', address: 'no-reply@example.com' },
      to: [{ address: 'ada@example.com' }],
      subject: mail.subject,
      messageId: '<01ABC@auth.example.com>',
    })
    expect(got?.text?.trim()).toBe(mail.text.trim())
    expect(got?.html?.trim()).toBe(mail.html.trim())
    expect(got?.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    )
  })

  it('goes to one address, whatever the address looks like', async () => {
    const recipients: string[] = []
    const server = await startMailServer([], {
      onRcptTo: ({ address }, _session, callback) => {
        recipients.push(address)
        callback()
      },
    })
    const hostile = { ...mail, to: 'a@example.com, b@example.com', subject: 'Hi\r\nBcc: c@example.com' }
    await open(server.url)
      .deliver(hostile, 'A')
      .catch(() => {})
    expect(recipients).not.toContain('b@example.com')
    expect(recipients).not.toContain('c@example.com')
    expect(recipients.length).toBeLessThanOrEqual(1)
  })

  it('uses the connection of the one before', async () => {
    const server = await startMailServer()
    const transport = open(server.url)
    await transport.deliver(mail, 'A')
    await transport.deliver(mail, 'B')
    expect(server.connections()).toBe(1)
  })

  it('logs in with the user and password of the URL', async () => {
    const logins: unknown[] = []
    const server = await startMailServer([], {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) => {
        logins.push([username, password])
        callback(null, { user: username })
      },
    })
    await open(server.url.replace('//', '//snoop:p%40ss@')).deliver(mail, 'A')
    expect(logins).toEqual([['snoop', 'p@ss']])
  })

  it.each<Answer>(['refuse', 'drop'])(
    'is not taken for sent if the server answers with "%s"',
    async answer => {
      const server = await startMailServer([answer])
      await expect(open(server.url).deliver(mail, 'A')).rejects.toThrow()
      expect(await server.mails()).toHaveLength(answer === 'drop' ? 1 : 0)
    },
  )

  it('is tried once if the server hangs up at once: the outbox decides when there is another attempt', async () => {
    let connections = 0
    const server = createServer(socket => {
      connections++
      socket.destroy()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    cleanUps.push(() => new Promise(resolve => server.close(resolve)))
    const { port } = server.address() as AddressInfo
    await expect(open(`smtp://127.0.0.1:${port}`).deliver(mail, 'A')).rejects.toThrow()
    expect(connections).toBe(1)
  })

  it('is not taken for sent if nobody listens', async () => {
    await expect(open('smtp://127.0.0.1:1').deliver(mail, 'A')).rejects.toThrow('ECONNREFUSED')
  })

  it('never shows a password to a server that offers no TLS, other than on this machine', async () => {
    const server = await startMailServer([], {
      authOptional: false,
      allowInsecureAuth: true,
      hideSTARTTLS: true,
    })
    // 127.0.0.1 by another name, which is not known to be this machine.
    const elsewhere = server.url.replace('127.0.0.1', 'snoop:hunter2@0.0.0.0')
    const failure = await open(elsewhere)
      .deliver(mail, 'A')
      .catch((error: Error) => error)
    expect(String(failure)).toMatch(/STARTTLS/)
    expect(String(failure)).not.toContain('hunter2')
  })
})

describe('the outbox over a real mail server and database', () => {
  const start = async (answers: Answer[]) => {
    const server = await startMailServer(answers)
    const engine = await openTestEngine('sqlite')
    cleanUps.push(() => engine.close())
    const { outbox } = createStorage(engine)
    const key = randomBytes(32)
    const lines: string[] = []
    let now = 1_000_000
    let dueAgain: (() => void) | undefined
    let noteTimer = () => {}
    const worker = createOutboxWorker({
      outbox,
      transport: open(server.url),
      key,
      logger: createLogger({ level: 'debug', stream: { write: line => lines.push(line) } }),
      clock: () => now,
      random: () => 0,
      setTimer: work => {
        dueAgain = work
        noteTimer()
        return () => {}
      },
    })
    const row = { attempts: 0, sent_at: null, last_error: null, created_at: now, next_attempt_at: now }
    await outbox.insert({ ...row, id: '01ABC', sealed_mail: prepareMail(mail, { key, id: '01ABC' }) })
    return {
      server,
      log: () => lines.join(''),
      row: () => engine.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow(),
      /** Lets time pass, and one round run to its end. */
      async round(afterMs: number) {
        now += afterMs
        const ended = new Promise<void>(resolve => {
          noteTimer = resolve
        })
        if (dueAgain) dueAgain()
        else worker.start()
        await ended
      },
      stop: () => worker.stop(),
    }
  }

  it('a refused mail is sent at the next attempt, once, and its text is gone from the database', async () => {
    const { server, round, row, stop, log } = await start(['refuse'])
    await round(0)
    expect(await row()).toMatchObject({ attempts: 1, sent_at: null, next_attempt_at: 1_005_000 })
    expect((await row()).last_error).toContain('Mailbox full')
    await round(4_999)
    expect(await server.mails()).toHaveLength(0)
    await round(1)
    await round(3_600_000)
    expect(await server.mails()).toHaveLength(1)
    expect(await row()).toMatchObject({ sent_at: 1_005_000, sealed_mail: '' })
    expect(log()).not.toContain('tok-1')
    await stop()
  })

  it('a mail whose answer got lost is sent again under the same Message-ID', async () => {
    const { server, round, row, stop } = await start(['drop'])
    await round(0)
    expect(await row()).toMatchObject({ attempts: 1, sent_at: null })
    await round(5_000)
    expect((await server.mails()).map(({ messageId }) => messageId)).toEqual([
      '<01ABC@auth.example.com>',
      '<01ABC@auth.example.com>',
    ])
    expect((await row()).sent_at).toBe(1_005_000)
    await stop()
  })
})

describe('the links of mails', () => {
  it.each(['production', 'development'] as const)('in %s', async mode => {
    const server = await startMailServer()
    const lines: string[] = []
    const logger = createLogger({ level: 'info', stream: { write: line => lines.push(line) } })
    const transport = createMailTransport(
      { smtpUrl: server.url, mailFrom: 'a@example.com', dataDir: '/nowhere', mode },
      { origin: 'https://auth.example.com', logger },
    )
    cleanUps.push(() => transport.close())
    await transport.deliver(mail, 'A')
    const logged = lines.map(line => JSON.parse(line))
    if (mode === 'production') expect(logged).toEqual([])
    else
      expect(logged[0]).toMatchObject({ event: 'mail', to: mail.to, subject: mail.subject, link: mail.link })
  })
})
