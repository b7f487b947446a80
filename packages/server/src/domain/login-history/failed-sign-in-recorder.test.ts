import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { FailedSignInRecorder } from './failed-sign-in-recorder'
import { loginEvent } from './login-event'

const device = { ipAddress: '192.0.2.1', userAgent: 'test' }

describeOnEachEngine('failed sign-ins', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  const failure = (userId: string) => loginEvent(domain.context, userId, 'password', device, false)
  const historyOf = (userId: string) => domain.storage.loginEvents.listAll(userId)

  it('are all written down by a stop, in batches, even if they come while it writes', async () => {
    const { userId } = await domain.signUp()
    const recorder = new FailedSignInRecorder(domain.storage, domain.context.logger)
    for (let n = 0; n < 250; n++) recorder.record(failure(userId))
    const flushed = recorder.flush()
    recorder.record(failure(userId))
    await flushed
    await recorder.stop()
    expect(await historyOf(userId)).toHaveLength(251)
  })

  it('of an account that was deleted meanwhile are left out, and keep no others from being written', async () => {
    const { userId } = await domain.signUp()
    const recorder = new FailedSignInRecorder(domain.storage, domain.context.logger)
    recorder.record(failure('gone'))
    recorder.record(failure(userId))
    await recorder.flush()
    expect(await historyOf(userId)).toHaveLength(1)
  })

  it('are kept for the next time if the database is away, and taken as many as memory allows', async () => {
    const { userId } = await domain.signUp()
    let isAway = true
    const storage: TestDomain['storage'] = {
      ...domain.storage,
      transaction: work => (isAway ? Promise.reject(new Error('away')) : domain.storage.transaction(work)),
    }
    const recorder = new FailedSignInRecorder(storage, domain.context.logger)
    for (let n = 0; n < 10_050; n++) recorder.record(failure(userId))
    await expect(recorder.flush()).rejects.toThrow('away')
    isAway = false
    await recorder.flush()
    expect(await historyOf(userId)).toHaveLength(10_000)
  })
})
