import { z } from 'zod'
import { optionalText, text, textMap, texts } from './field-rules.ts'

export const authenticationSchema = z.object({
  /** `x509`, or `x509|webhook`. Kept as written. */
  strategy: text(),
  /** More names and addresses for the API server's certificate. */
  sans: texts(),
  webhook: z.object({ configFile: optionalText(), cacheTimeout: optionalText() }).optional(),
})

export const authorizationSchema = z.object({
  /** `rbac` or `none`. */
  mode: text(),
  options: textMap(),
})
