import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './html'

const CHARACTERS: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const readBack = (markup: string) => markup.replace(/&[a-z#\d]+;/g, entity => CHARACTERS[entity] ?? entity)

test.each([
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '&lt;script&gt;',
  '<!-- --><!DOCTYPE html>',
  ']]><b>',
])('%s stays a text', text => {
  const { markup } = html`<p title="${text}">${text}</p>`
  expect(markup.match(/[<>"']/g)?.join('')).toBe('<""><>')
  expect(markup.split(/["<>]/).filter(part => readBack(part) === text)).toHaveLength(2)
})

test('no text can leave its place, and each can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&;#39ampltgquo \0é', '\ud800') }), text => {
      const { markup } = html`<p title="${text}">`
      const [, inside = ''] = /^<p title="([^"<>']*)">$/.exec(markup) ?? []
      expect(readBack(inside)).toBe(text)
    }),
  )
})

test('markup goes into markup as it is, also many pieces', () => {
  const piece = html`<b>${'&'}</b>`
  expect(html`<p>${piece}</p>`.markup).toBe('<p><b>&amp;</b></p>')
  expect(html`<p>${[piece, piece]}</p>`.markup).toBe('<p><b>&amp;</b>\n<b>&amp;</b></p>')
})
