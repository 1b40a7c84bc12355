import { ConfigError } from '../errors.ts'

declare const checked: unique symbol

/** A number that is a port: 1 to 65535. */
export type Port = number & { readonly [checked]: true }

/** Whether it is a port; not so with leading zeros, which YAML reads as octal, or a sign. */
export function isPort(value: number | string): boolean {
  return /^[1-9]\d{0,4}$/.test(String(value)) && Number(value) <= 65535
}

/**
 * The value as a port.
 *
 * @param key where it was written, for the message: `ingress.http_port`
 * @throws ConfigError if it is none
 */
export function portOf(value: number | string, key: string): Port {
  if (isPort(value)) return Number(value) as Port
  throw new ConfigError(`${key} is ${JSON.stringify(value)}, which is not a port`, {
    hint: 'write a number from 1 to 65535',
  })
}
