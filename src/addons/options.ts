import { isWholeNumber } from '../config/validation/syntax.ts'
import { ConfigError } from '../errors.ts'

type Options = Readonly<Record<string, string>>

/** The option's text. An empty one means the manifest's own value, as if the key were absent. */
export function option(options: Options, key: string): string | undefined {
  return given(options[key])
}

/** The text, unless it is empty. */
export function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/**
 * The number in `network.options`, which holds texts.
 *
 * @throws ConfigError if it is no whole number
 */
export function integerOption(options: Options, key: string, fallback: number): number {
  const text = option(options, key)
  if (text === undefined) return fallback
  if (!isWholeNumber(text)) {
    throw new ConfigError(`network.options.${key} is ${JSON.stringify(text)}, which is not a whole number`, {
      hint: `write a number, or remove the key to get ${fallback}`,
    })
  }
  return Number(text)
}
