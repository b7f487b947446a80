/** A path pattern's node: the next segment is either one of `literals` or the value of a parameter. */
interface Node<T> {
  readonly literals: Map<string, Node<T>>
  parameter: Node<T> | undefined
  /** What is registered for each method at the end of this path, with the names of its parameters in order. */
  readonly ends: Map<string, { readonly value: T; readonly names: readonly string[] }>
}

export type RouteMatch<T> =
  | { readonly outcome: 'found'; readonly value: T; readonly params: Readonly<Record<string, string>> }
  | { readonly outcome: 'method_not_allowed'; readonly allowed: readonly string[] }
  | { readonly outcome: 'not_found' }

const NOT_FOUND = { outcome: 'not_found' } as const

const newNode = <T>(): Node<T> => ({ literals: new Map(), parameter: undefined, ends: new Map() })

/** `undefined` for a path that is no valid percent-encoded UTF-8. */
const decodeSegment = (segment: string): string | undefined => {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

const segmentsOf = (path: string): string[] => path.split('/').slice(1)

/**
 * Finds what is registered for a method and path. Segments are compared letter by letter after percent-decoding; a
 * literal goes before a parameter; one slash at the end makes no difference; a parameter is never empty.
 */
export class Router<T> {
  private readonly root = newNode<T>()
  /** Paths without parameters: one look-up. */
  private readonly literalPaths = new Map<string, Node<T>>()

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
        let next = node.literals.get(segment)
        if (!next) {
          next = newNode()
          node.literals.set(segment, next)
        }
        node = next
      }
    }
    if (node.ends.has(method)) throw new Error(`${method} ${pattern} is registered twice`)
    node.ends.set(method, { value, names })
    if (names.length === 0) this.literalPaths.set(pattern, node)
  }

  /** @param path without query; HEAD finds what GET finds */
  find(method: string, path: string): RouteMatch<T> {
    const wanted = method === 'HEAD' ? 'GET' : method
    const literal = this.literalPaths.get(path)
    if (literal?.ends.has(wanted)) return found(literal, wanted, [])
    const segments = segmentsOf(path)
    if (segments.length > 1 && segments.at(-1) === '') segments.pop()
    const decoded: string[] = []
    for (const segment of segments) {
      const text = decodeSegment(segment)
      if (text === undefined) return NOT_FOUND
      decoded.push(text)
    }
    const allowed = new Set<string>()
    const match = search(this.root, decoded, 0, [], wanted, allowed)
    if (match) return match
    return allowed.size > 0 ? { outcome: 'method_not_allowed', allowed: [...allowed] } : NOT_FOUND
  }

  /** Methods that a path knows, HEAD and OPTIONS among them; empty for an unknown path. */
  methodsOf(path: string): readonly string[] {
    const match = this.find('', path)
    if (match.outcome !== 'method_not_allowed') return []
    return [...match.allowed, ...(match.allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
  }
}

const found = <T>(node: Node<T>, method: string, values: readonly string[]): RouteMatch<T> => {
  const end = node.ends.get(method)
  if (!end) return NOT_FOUND
  const params: Record<string, string> = Object.create(null)
  for (const [index, name] of end.names.entries()) params[name] = values[index] ?? ''
  return { outcome: 'found', value: end.value, params }
}

/** Depth first, literals before parameters; notes in `allowed` what other methods the path has. */
const search = <T>(
  node: Node<T>,
  segments: readonly string[],
  depth: number,
  values: readonly string[],
  method: string,
  allowed: Set<string>,
): RouteMatch<T> | undefined => {
  const segment = segments[depth]
  if (segment === undefined) {
    if (node.ends.has(method)) return found(node, method, values)
    for (const other of node.ends.keys()) allowed.add(other)
    return undefined
  }
  const literal = node.literals.get(segment)
  const match = literal && search(literal, segments, depth + 1, values, method, allowed)
  if (match || !node.parameter || segment === '') return match
  return search(node.parameter, segments, depth + 1, [...values, segment], method, allowed)
}
