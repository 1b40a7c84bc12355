/** How many nodes an upgrade may take at once. */
export interface UpgradeLimit {
  readonly amount: number
  /** The amount is a percentage of all such nodes. */
  readonly percent: boolean
}

/** `max_unavailable_…` as RKE reads it, `undefined` where it is neither a number above 0 nor a percentage above 0%. */
export function upgradeLimit(text: string): UpgradeLimit | undefined {
  const [, digits, unit] = /^\+?(\d+)(%?)$/.exec(text) ?? []
  const amount = Number(digits)
  return digits === undefined || amount === 0 ? undefined : { amount, percent: unit === '%' }
}
