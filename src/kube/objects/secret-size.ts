import type { Secret } from '../../secret.ts'

/** Kubernetes' own limit for the data of one Secret, in bytes. */
const LARGEST_SECRET = 1024 * 1024

/**
 * Whether a copy of the state fits into a Secret. That of a thousand nodes with individual certificates is too large.
 */
export const fitsSecret = (text: Secret<string>): boolean =>
  Buffer.byteLength(text.reveal()) <= LARGEST_SECRET
