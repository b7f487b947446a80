import { describe, expect, it } from 'vitest'
import type { DomainSettings } from '../domain-context'
import { resolveCallbackUrl } from './callback-url'

const settings: DomainSettings = {
  origin: 'https://auth.example.com',
  trustedOrigins: ['https://app.example.com', 'http://localhost:3000'],
  passkeyDomain: undefined,
  keyPrefix: 'ba_',
  maxKeysPerAccount: 10,
  keyRateLimit: null,
  defaultPlan: 'free',
  surfaces: ['native'],
  resources: [],
  takesScreenshots: false,
}
const resolve = (url: string): string => resolveCallbackUrl(url, settings)

describe('a callback URL', () => {
  it.each([
    ['/welcome', 'https://auth.example.com/welcome'],
    ['welcome?a=1#b', 'https://auth.example.com/welcome?a=1#b'],
    ['', 'https://auth.example.com/'],
    ['https://auth.example.com/x', 'https://auth.example.com/x'],
    ['https://app.example.com', 'https://app.example.com/'],
    ['HTTPS://APP.EXAMPLE.COM:443/x', 'https://app.example.com/x'],
    ['http://localhost:3000/a?next=//evil.example', 'http://localhost:3000/a?next=//evil.example'],
    ['/%2f%2fevil.example', 'https://auth.example.com/%2f%2fevil.example'],
    // What a browser, too, takes for paths: the whole URL is given on, so there is nothing left to misread.
    ['https:evil.example', 'https://auth.example.com/evil.example'],
    ['https://auth.example.com\\@evil.example', 'https://auth.example.com/@evil.example'],
    ['/a/../..//x', 'https://auth.example.com//x'],
    ['/\r\nSet-Cookie: a=b', 'https://auth.example.com/Set-Cookie:%20a=b'],
  ])('may be %j', (given, resolved) => expect(resolve(given)).toBe(resolved))

  it.each([
    // Short links lead on to anywhere, with the token that a fragment holds.
    '/s/evil',
    's/evil',
    '/%73/evil?a=1',
    '/a/../s/evil#b',
    '//auth.example.com//s/evil',
    'https://AUTH.example.com/s/evil',
    '//evil.example',
    '///evil.example',
    '////evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '\u0000//evil.example',
    '//evil%2eexample',
    '//evil。example',
    'https:\\\\evil.example',
    'https://evil.example',
    'https://auth.example.com@evil.example',
    'https://auth.example.com:pw@evil.example',
    'https://auth.example.com%40evil.example',
    'https://auth.example.com.evil.example',
    'https://auth.example.com.',
    'https://evil.example/https://auth.example.com',
    'https://evil.example?https://auth.example.com',
    'https://evil.example#@auth.example.com',
    'https://authxexample.com',
    'https://sub.auth.example.com',
    'https://example.com',
    'https://user@auth.example.com/',
    'https://:pw@app.example.com/',
    'https://auth.example.com:8443/',
    'http://auth.example.com/',
    'http://app.example.com/',
    'http://localhost/',
    'http://localhost:30000/',
    'ws://auth.example.com/',
    'ftp://auth.example.com/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://auth.example.com',
    ' java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://auth.example.com/8d3bcb6e-0b2c-4c3e-9d4f-0c6b5b1f8a33',
    'blob:https://app.example.com/x',
    'filesystem:https://auth.example.com/temporary/x',
    'view-source:https://auth.example.com/',
    'file:///etc/passwd',
    'about:blank',
    'https://',
    'http://[',
    'https://аuth.example.com',
    'https://auth.example.com\u200b.evil.example',
  ])('is refused as %j', url => {
    expect(() => resolve(url)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        detail: { fields: [expect.objectContaining({ field: 'callbackURL' })] },
      }),
    )
  })
})
