/** Why a snapshot is removed. `taken` is in ISO 8601. */
export type RemovalReason =
  | { readonly kind: 'snapshot-named'; readonly snapshot: string }
  | {
      readonly kind: 'snapshot-old'
      readonly snapshot: string
      readonly taken: string
      readonly limitMs: number
    }
  | {
      readonly kind: 'snapshot-surplus'
      readonly snapshot: string
      readonly taken: string
      readonly keep: number
    }
