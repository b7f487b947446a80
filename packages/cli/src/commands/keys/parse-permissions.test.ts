import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { parsePermissions, permissionText } from './parse-permissions'

test('rules for one resource and action add up, in the order in which they came', () => {
  const map = parsePermissions([
    'posts:read=id,title',
    'posts:create=title',
    'posts:read=body, title',
    'comments:read=text',
  ])
  expect(map).toEqual({
    posts: { read: ['id', 'title', 'body'], create: ['title'] },
    comments: { read: ['text'] },
  })
  expect(permissionText(map)).toBe('posts:read=id,title,body posts:create=title comments:read=text')
})

test('to delete needs no fields, and `none` alone is a map of nothing', () => {
  const map = parsePermissions(['posts:delete', 'posts:read=id'])
  expect(map).toEqual({ posts: { delete: [], read: ['id'] } })
  expect(permissionText(map)).toBe('posts:delete posts:read=id')
  expect([parsePermissions(['none']), permissionText({})]).toEqual([{}, 'none'])
  expect(() => parsePermissions(['none', 'posts:delete'])).toThrow(CliError)
})

test.each([
  'posts',
  'posts:read',
  'posts:read=',
  'posts:look=id',
  ':read=id',
  'posts:read=id,,x',
  'Posts:read=id',
  '',
])('%j is refused, and the form is told', text => {
  expect(() => parsePermissions([text])).toThrow(CliError)
  expect(() => parsePermissions([text])).toThrow('resource:action=field,field')
})
