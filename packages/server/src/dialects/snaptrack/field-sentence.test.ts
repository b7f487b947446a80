import { contract } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { toFieldSentence } from './field-sentence'

const { createWebsite, listWebsites } = contract.snaptrack
const site = { name: 'Home', url: 'https://example.com' }

/** What the schema says, as the walk hands it on. */
const sentencesOf = (schema: typeof createWebsite.body | typeof listWebsites.query, input: object) => {
  const { error } = schema.safeParse(input)
  return (error?.issues ?? []).map(({ path, message }) =>
    toFieldSentence({ field: path.join('.'), error: message }),
  )
}

describe('the sentence of a field', () => {
  it.each<[string, object]>([
    ['The url field is required.', { url: undefined }],
    ['The url field is required.', { url: '' }],
    ['The name field is required.', { name: undefined }],
    ['The name field is required.', { name: '  ' }],
    ['The name field must be a string.', { name: 7 }],
    ['The name field must be at most 100 characters.', { name: 'x'.repeat(101) }],
    ['The name field must not contain control characters.', { name: 'a\nb' }],
    ['The url field must be a valid URL.', { url: 'example.com' }],
    ['The url field must be a valid URL.', { url: 'ftp://example.com' }],
    ['The url field must be a valid URL.', { url: 'javascript:alert(1)' }],
    ['The viewport width field must be an integer.', { viewport_width: 'wide' }],
    ['The viewport width field must be an integer.', { viewport_width: 800.5 }],
    ['The viewport width field must be at least 320.', { viewport_width: 319 }],
    ['The viewport height field must not be greater than 2160.', { viewport_height: 2161 }],
    ['The full page field must be true or false.', { full_page: 'yes' }],
    ['The status field must be one of "active"|"paused".', { status: 'gone' }],
  ])('is "%s"', (sentence, fault) => {
    expect(sentencesOf(createWebsite.body, { ...site, ...fault })).toEqual([sentence])
  })

  it('is told of a page, too', () => {
    expect(sentencesOf(listWebsites.query, { page: 'x' })).toEqual(['The page field must be an integer.'])
    expect(sentencesOf(listWebsites.query, { page: '0' })).toEqual(['The page field must be at least 1.'])
  })

  it('of anything else keeps what is known of it', () => {
    expect(toFieldSentence({ field: 'url', error: 'No such host' })).toBe(
      'The url field is not valid: No such host.',
    )
  })
})
