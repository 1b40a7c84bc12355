import { z } from 'zod'
import { text, textMap, texts } from './field-rules.ts'

/** Lists of values by flag; a missing list is null. */
const textListMap = () => z.record(z.string(), texts().nullable())

/** What can be set for each of the six services; the `win…` forms replace the others on Windows nodes. */
export const serviceBase = {
  /** Always taken from the system images. */
  image: text(),
  extraArgs: textMap(),
  extraArgsArray: textListMap(),
  extraBinds: texts(),
  extraEnv: texts(),
  winExtraArgs: textMap(),
  winExtraArgsArray: textListMap(),
  winExtraBinds: texts(),
  winExtraEnv: texts(),
}
