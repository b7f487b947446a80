export interface FakeAnswer {
  readonly status: number
  readonly body: unknown
  readonly setCookie?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Values = Readonly<Record<string, unknown>>

export const ok = (data: unknown, meta?: Values): FakeAnswer => ({
  status: 200,
  body: { success: true, status: 200, code: 'OK', message: 'OK', data, ...(meta && { meta }) },
})

export const refuse = (status: number, code: string, message: string, meta?: Values): FakeAnswer => ({
  status,
  body: { success: false, status, code, message, ...(meta && { meta }) },
})

export const listAnswer = (items: readonly unknown[], query: URLSearchParams): FakeAnswer => {
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 20)
  const page = items.slice(offset, offset + limit)
  return ok(page, { total: items.length, offset, limit, hasMore: offset + limit < items.length })
}
