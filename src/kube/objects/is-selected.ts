import type { Deployment } from './kube-object.ts'

/** Whether a Deployment selects pods with these labels. */
export function isSelected(
  { spec }: Deployment,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const wanted = Object.entries(spec?.selector?.matchLabels ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value)
}
