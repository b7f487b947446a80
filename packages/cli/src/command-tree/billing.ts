import { command, declareCommand } from '../define-command'

const plan = {
  flags: '--plan <plan>',
  summary: 'starter, pro or business',
  choices: ['starter', 'pro', 'business'],
} as const
const interval = {
  flags: '--interval <interval>',
  summary: 'Pay by the month or by the year',
  choices: ['month', 'year'],
} as const
const seats = { flags: '--seats <n>', summary: 'How many people may be members' } as const
const slotPacks = {
  flags: '--slot-packs <n>',
  summary: 'Packs that add five projects each',
} as const
const open = { flags: '--open', summary: 'Open the page in a browser' } as const
const wait = { flags: '--wait', summary: 'Wait until it is paid; Ctrl-C stops the waiting alone' } as const

export const planSpec = declareCommand({
  name: 'plan',
  summary: 'Show the plan of an organization and when it renews',
  examples: ['snoop billing plan'],
})

export const usageSpec = declareCommand({
  name: 'usage',
  summary: 'Show what the plan allows and what of it is used',
  examples: ['snoop billing usage --json'],
})

export const checkoutSpec = declareCommand({
  name: 'checkout',
  summary: 'Begin to buy a plan',
  description:
    'Prints the page on which to pay. By the month and for one seat more than are in use, unless said otherwise. With --wait --json there are two lines: the checkout, then its outcome.',
  options: { plan, interval, seats, slotPacks, open, wait },
  examples: ['snoop billing checkout --plan pro --interval year --seats 10 --wait'],
})

export const creditsSpec = declareCommand({
  name: 'credits',
  summary: 'Begin to buy credits',
  options: { count: { flags: '--count <n>', summary: 'How many' }, open, wait },
  examples: ['snoop billing credits --count 500 --open'],
})

export const updateSpec = declareCommand({
  name: 'update',
  summary: 'Change what is paid for',
  description: 'What is not named stays as it is. Says what changes and asks first.',
  options: {
    plan,
    interval,
    seats,
    slotPacks,
    cancel: { flags: '--cancel', summary: 'End the plan with the period that is paid' },
    resume: { flags: '--resume', summary: 'Take --cancel back' },
  },
  examples: ['snoop billing update --seats 12', 'snoop billing update --cancel --yes'],
})

export const portalSpec = declareCommand({
  name: 'portal',
  summary: 'Print the page where cards and invoices are managed',
  options: { open },
  examples: ['snoop billing portal --open'],
})

export const settingsSpec = declareCommand({
  name: 'settings',
  summary: 'Show or set what invoices are made out to',
  description: 'Fields that are not named stay as they are; an empty text clears one.',
  arguments: [{ name: '<action>', summary: 'show or set', choices: ['show', 'set'] }],
  options: {
    email: { flags: '--email <address>', summary: 'Where invoices go' },
    company: { flags: '--company <name>', summary: 'Name of the company' },
    taxId: { flags: '--tax-id <id>', summary: 'Such as a VAT number' },
    addressLine1: { flags: '--address-line1 <text>', summary: 'Street and number' },
    addressLine2: { flags: '--address-line2 <text>', summary: 'More of the address' },
    postalCode: { flags: '--postal-code <code>', summary: 'Postal code' },
    city: { flags: '--city <name>', summary: 'City' },
    country: { flags: '--country <code>', summary: 'Two letters, such as FR' },
  },
  examples: ['snoop billing settings show', "snoop billing settings set --company 'Acme SARL' --country FR"],
})

export const commands = [
  command(planSpec, () => import('../commands/billing/plan')),
  command(usageSpec, () => import('../commands/billing/usage')),
  command(checkoutSpec, () => import('../commands/billing/checkout')),
  command(creditsSpec, () => import('../commands/billing/credits')),
  command(updateSpec, () => import('../commands/billing/update')),
  command(portalSpec, () => import('../commands/billing/portal')),
  command(settingsSpec, () => import('../commands/billing/settings')),
]
