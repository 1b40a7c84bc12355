import { z } from 'zod'

const half = z.object({ rkeConfig: z.object({ kubernetesVersion: z.string().optional() }).nullish() })
const schema = z.object({ currentState: half.nullish(), desiredState: half })

/**
 * The Kubernetes version of the cluster whose state file this is: that of the applied configuration, else of the desired one. `undefined` if the text
 * is no state.
 */
export function kubernetesVersionOf(state: string): { readonly version: string | undefined } | undefined {
  const parsed = schema.safeParse(json(state))
  if (!parsed.success) return undefined
  const { currentState, desiredState } = parsed.data
  const version = currentState?.rkeConfig?.kubernetesVersion ?? desiredState.rkeConfig?.kubernetesVersion
  return { version: version === '' ? undefined : version }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
