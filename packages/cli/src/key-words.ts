/** Words of the SDK that the help names: loading the SDK for them would make every start slower. A test holds them equal. */
export const KEY_FORMAT_NAMES = ['ba', 'snpy', 'snt', 'sna'] as const
export const API_KEY_STATES = ['active', 'disabled', 'expired', 'rotated', 'revoked'] as const
