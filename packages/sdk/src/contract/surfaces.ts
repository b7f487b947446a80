import type { Endpoint } from './endpoint'
import type { ErrorCode } from './error-catalogue'
import type { Surface } from './vocabulary'

/** What a surface lets in by, as the OpenAPI document names it; `bearerKey`: a key as `Authorization: Bearer`. */
type SurfaceCredential = 'session' | 'apiKey' | 'accessToken' | 'bearerKey'

/** What goes around the data of an answer: `{success,status,code,message,data}`, `{error:0,data}`, or nothing. */
type Envelope = 'native' | 'errorFlag' | 'none'

/** How a surface speaks. */
export interface SurfaceWire {
  readonly credentials: readonly SurfaceCredential[]
  /** Where clients put a key: into `X-Api-Key`, or into `Authorization: Bearer`. */
  readonly keyPlace: 'apiKeyHeader' | 'bearer'
  /** Of endpoints that are not `bare`. */
  readonly envelope: Envelope
  readonly limitHeaders: readonly string[]
  /** The status of `VALIDATION_ERROR`. */
  readonly validationStatus: 400 | 422
  /** The schema of its errors in the OpenAPI document; the code of a surface's error is in `X-Error-Code`. */
  readonly errorSchema: string
  /** Codes that each of its endpoints can answer. */
  readonly errors: readonly ErrorCode[]
  /** Every path is at this one too, such as `/api/test` for `/test`. */
  readonly alsoBelow?: string
}

const NATIVE_LIMIT_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']

/** All surfaces, and in what they differ. */
export const SURFACE_WIRES: Readonly<Record<Surface, SurfaceWire>> = {
  native: {
    credentials: ['session', 'apiKey', 'accessToken'],
    keyPlace: 'apiKeyHeader',
    envelope: 'native',
    limitHeaders: NATIVE_LIMIT_HEADERS,
    validationStatus: 400,
    errorSchema: 'Error',
    errors: [],
  },
  snipy: {
    credentials: ['apiKey', 'accessToken'],
    keyPlace: 'apiKeyHeader',
    envelope: 'errorFlag',
    limitHeaders: ['X-RateLimit-Limit', 'X-RateLimit-Remaining'],
    validationStatus: 422,
    errorSchema: 'SnipyError',
    errors: [],
  },
  snaptrack: {
    credentials: ['bearerKey'],
    keyPlace: 'bearer',
    envelope: 'none',
    limitHeaders: ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
    validationStatus: 422,
    errorSchema: 'SnaptrackError',
    errors: ['PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
    alsoBelow: '/api',
  },
  snaapi: {
    credentials: ['session', 'apiKey', 'bearerKey'],
    keyPlace: 'apiKeyHeader',
    envelope: 'none',
    limitHeaders: NATIVE_LIMIT_HEADERS,
    validationStatus: 400,
    errorSchema: 'SnaapiError',
    errors: [],
  },
}

/** How the surface of an endpoint speaks. */
export const wireOf = ({ dialect }: Pick<Endpoint, 'dialect'>): SurfaceWire =>
  SURFACE_WIRES[dialect ?? 'native']

/** What goes around the data of this endpoint's answer. */
export const envelopeOf = (endpoint: Pick<Endpoint, 'dialect' | 'bare'>): Envelope =>
  endpoint.bare ? 'none' : wireOf(endpoint).envelope

/** The status of a `VALIDATION_ERROR` of this endpoint. */
export const validationStatusOf = (endpoint: Pick<Endpoint, 'dialect' | 'validationStatus'>): 400 | 422 =>
  endpoint.validationStatus ?? wireOf(endpoint).validationStatus
