import type { Deployment } from './kube-object.ts'

/** Whether pods with these labels are a Deployment's. */
export function isSelected(
  { spec }: Deployment,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const wanted = Object.entries(spec?.selector?.matchLabels ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value)
}
