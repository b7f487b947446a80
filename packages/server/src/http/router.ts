type Params = Readonly<Record<string, string>>

/** A path pattern's node: the next segment is either one of `literals` or the value of a parameter. */
interface Node<T> {
  readonly literals: Map<string, Node<T>>
  parameter: Node<T> | undefined
  /** What is registered for each method at the end of this path, with the names of its parameters in order. */
  readonly ends: Map<string, { readonly value: T; readonly names: readonly string[] }>
}

export type RouteMatch<T> =
  | { readonly outcome: 'found'; readonly value: T; readonly params: Params }
  | { readonly outcome: 'method_not_allowed' }
  | { readonly outcome: 'not_found' }

const NOT_FOUND = { outcome: 'not_found' } as const
const METHOD_NOT_ALLOWED = { outcome: 'method_not_allowed' } as const
const NO_PARAMS: Params = Object.freeze(Object.create(null))

const newNode = <T>(): Node<T> => ({ literals: new Map(), parameter: undefined, ends: new Map() })

const segmentsOf = (path: string): string[] => path.split('/').slice(1)

/** The path's segments, percent-decoded; `undefined` if it is no absolute path or no valid percent-encoded UTF-8. */
const readPath = (path: string): string[] | undefined => {
  if (!path.startsWith('/')) return undefined
  const segments = segmentsOf(path)
  if (segments.length > 1 && segments.at(-1) === '') segments.pop()
  try {
    return path.includes('%') ? segments.map(decodeURIComponent) : segments
  } catch {
    return undefined
  }
}

const nameValues = (names: readonly string[], values: readonly string[]): Params => {
  const params: Record<string, string> = Object.create(null)
  for (const [index, name] of names.entries()) params[name] = values[index] ?? ''
  return params
}

/**
 * Finds what is registered for a method and path. Segments are compared letter by letter after percent-decoding; a
 * literal goes before a parameter; one slash at the end makes no difference; a parameter is never empty.
 */
export class Router<T> {
  private readonly root = newNode<T>()
  /** Paths without parameters, by method: one look-up. */
  private readonly literalPaths = new Map<string, Map<string, RouteMatch<T>>>()

  /** @param pattern such as `/api/things/:id`. @throws Error if it is registered already */
  add(method: string, pattern: string, value: T): void {
    let node = this.root
    const names: string[] = []
    for (const segment of segmentsOf(pattern)) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        node.parameter ??= newNode()
        node = node.parameter
      } else {
        const next: Node<T> = node.literals.get(segment) ?? newNode()
        node.literals.set(segment, next)
        node = next
      }
    }
    if (node.ends.has(method)) throw new Error(`${method} ${pattern} is registered twice`)
    node.ends.set(method, { value, names })
    if (names.length === 0) this.addLiteral(method, pattern, value)
  }

  /** @param path without query; HEAD finds what GET finds */
  find(method: string, path: string): RouteMatch<T> {
    const wanted = method === 'HEAD' ? 'GET' : method
    const literal = this.literalPaths.get(path)?.get(wanted)
    if (literal) return literal
    const segments = readPath(path)
    if (!segments) return NOT_FOUND
    for (const { node, values } of search(this.root, segments)) {
      const end = node.ends.get(wanted)
      if (end) return { outcome: 'found', value: end.value, params: nameValues(end.names, values) }
    }
    return this.methodsOf(path).length > 0 ? METHOD_NOT_ALLOWED : NOT_FOUND
  }

  /** Methods that a path knows, HEAD and OPTIONS among them; empty for an unknown path. */
  methodsOf(path: string): readonly string[] {
    const segments = readPath(path)
    if (!segments) return []
    const methods = new Set<string>()
    for (const { node } of search(this.root, segments)) {
      for (const method of node.ends.keys()) methods.add(method)
    }
    if (methods.size === 0) return []
    if (methods.has('GET')) methods.add('HEAD')
    return [...methods, 'OPTIONS']
  }

  private addLiteral(method: string, path: string, value: T): void {
    const byMethod = this.literalPaths.get(path) ?? new Map<string, RouteMatch<T>>()
    byMethod.set(method, { outcome: 'found', value, params: NO_PARAMS })
    this.literalPaths.set(path, byMethod)
  }
}

/** Every node at the end of a path that fits, depth first, literals before parameters. */
function* search<T>(
  node: Node<T>,
  segments: readonly string[],
  values: readonly string[] = [],
  depth = 0,
): Generator<{ readonly node: Node<T>; readonly values: readonly string[] }> {
  const segment = segments[depth]
  if (segment === undefined) {
    yield { node, values }
    return
  }
  const literal = node.literals.get(segment)
  if (literal) yield* search(literal, segments, values, depth + 1)
  if (node.parameter && segment !== '')
    yield* search(node.parameter, segments, [...values, segment], depth + 1)
}
