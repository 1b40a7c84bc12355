import { z } from 'zod'

const schema = z.object({ revision: z.number(), totalKey: z.number() })

/** What `etcdctl snapshot status -w json` says; `undefined` if it says nothing. */
export function parseStatus(text: string): { readonly revision: number; readonly keys: number } | undefined {
  try {
    const { revision, totalKey } = schema.parse(JSON.parse(text))
    return { revision, keys: totalKey }
  } catch {
    return undefined
  }
}
