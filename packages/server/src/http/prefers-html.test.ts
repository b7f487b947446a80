import { expect, test } from 'vitest'
import { prefersHtml } from './prefers-html'

test.each([
  ['Chromium', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
  ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
  ['an older browser', 'text/html, application/xhtml+xml, image/jxr, */*'],
  ['HTML alone', 'text/html'],
  ['capitals and a charset', 'TEXT/HTML; charset=utf-8 ; Q=1.0'],
  ['HTML before JSON', 'application/json;q=0.5, text/html;q=0.6'],
  ['both alike', 'application/json, text/html'],
])('a page is wanted by %s', (_, accept) => {
  expect(prefersHtml(accept)).toBe(true)
})

test.each([
  ['no header', undefined],
  ['an empty one', ''],
  ['anything', '*/*'],
  ['JSON', 'application/json'],
  ['axios', 'application/json, text/plain, */*'],
  ['an image', 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'],
  ['JSON before HTML', 'application/json, text/html;q=0.9'],
  ['anything before HTML', 'text/html;q=0.1, */*'],
  ['a refusal of HTML', 'text/html;q=0, */*;q=0.1'],
  ['a weight that cannot be read', 'text/html;q=high'],
  ['text of any kind', 'text/*'],
  ['a name that holds it', 'x-text/html, text/html-sandboxed'],
])('JSON is for %s', (_, accept) => {
  expect(prefersHtml(accept)).toBe(false)
})
