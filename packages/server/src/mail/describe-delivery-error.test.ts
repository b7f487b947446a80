import { describe, expect, it } from 'vitest'
import { describeDeliveryError } from './describe-delivery-error'

describe('the reason that is kept of a failed delivery', () => {
  it("holds the mail server's words", () => {
    const error = new Error("Can't send mail - all recipients were rejected: 550 5.1.1 User unknown")
    expect(describeDeliveryError(error)).toBe(error.message)
    expect(describeDeliveryError('closed')).toBe('closed')
  })

  it('holds no link and no token, even if the server repeats them', () => {
    const token = 'kJ8d_-3hGf0sLq2Wm5Zx7Yv1Bn4Rt6Uo9Pi'
    const reason = describeDeliveryError(
      new Error(`554 blocked for http://auth.example.com/v?token=${token} and ${token}\r\nsmtp://u:p@mail`),
    )
    expect(reason).toBe('554 blocked for [link] and [...] [link]')
  })

  it('is short', () => {
    expect(describeDeliveryError(new Error('no '.repeat(1000)))).toHaveLength(300)
  })
})
