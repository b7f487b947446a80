import { SURFACES } from '@snoop/sdk/contract'
import type { Setting } from './setting'
import { addressRangeListSchema, matching, surfacesSchema } from './setting-schemas'

const pathSchema = matching('a path', /^[^\0]+$/)

/** Settings of the surfaces besides the native API. */
export const SURFACE_SETTINGS = {
  surfaces: {
    flag: 'surfaces',
    env: 'SNOOP_SURFACES',
    help: `Wire shapes that are spoken: ${SURFACES.join(', ')}; native is always one of them`,
    placeholder: 'LIST',
    schema: surfacesSchema,
    default: SURFACES.join(','),
    example: 'native,snipy',
  },
  chromium: {
    flag: 'chromium',
    env: 'SNOOP_CHROMIUM',
    help: 'Program of Chromium, which takes the screenshots of the snaptrack surface; without it they are answered 503',
    placeholder: 'FILE',
    schema: pathSchema,
    example: '/usr/bin/chromium',
  },
  screenshotAllow: {
    flag: 'screenshot-allow',
    env: 'SNOOP_SCREENSHOT_ALLOW',
    help: 'Private addresses that screenshots may be taken of: IP addresses or CIDR ranges',
    placeholder: 'RANGE',
    schema: addressRangeListSchema,
    default: '',
    describedDefault: 'none',
    example: '10.1.0.0/16',
    repeatable: true,
  },
  resources: {
    flag: 'resources',
    env: 'SNOOP_RESOURCES',
    help: 'JSON file of resources that every organization has on the snaapi surface',
    placeholder: 'FILE',
    schema: pathSchema,
    example: './resources.json',
  },
} as const satisfies Record<string, Setting>
