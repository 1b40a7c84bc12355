import type { Secret } from '../../secret.ts'

/** Kubernetes' own limit for the data of one Secret, in bytes. */
const LARGEST_SECRET = 1024 * 1024

/** Whether Kubernetes can keep a copy of the state. The one of a thousand nodes with certificates of their own is too large. */
export const fitsSecret = (text: Secret<string>): boolean =>
  Buffer.byteLength(text.reveal()) <= LARGEST_SECRET
