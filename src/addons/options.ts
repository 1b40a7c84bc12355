import { ConfigError } from '../errors.ts'

/**
 * The number in `network.options`, which holds texts.
 *
 * @throws ConfigError if it is no whole number
 */
export function integerOption(
  options: Readonly<Record<string, string>>,
  key: string,
  fallback: number,
): number {
  const text = options[key]
  if (text === undefined) return fallback
  if (!/^-?\d+$/.test(text)) {
    throw new ConfigError(`network.options.${key} is ${JSON.stringify(text)}, which is not a whole number`, {
      hint: `write a number, or remove the key to get ${fallback}`,
    })
  }
  return Number(text)
}
