import { pemBlocks } from '../../pem.ts'
import { isPort } from '../port.ts'

/** Whether a text is a port as Go reads it: with leading zeros, too. */
export const isPortText = (text: string): boolean => isPort(text.replace(/^0+/, ''))

/** A range of ports such as `30000-32767`. */
export function isPortRange(text: string): boolean {
  const [from = '', to = '', ...more] = text.split('-')
  return more.length === 0 && isPortText(from) && isPortText(to) && Number(from) <= Number(to)
}

/** The name of a label or a taint: at most 63 characters, with a domain before it or not. */
export function isQualifiedName(text: string): boolean {
  const [name = '', prefix, ...more] = text.split('/').reverse()
  const nameFits = name.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)
  return more.length === 0 && nameFits && (prefix === undefined || isDomain(prefix))
}

const isDomain = (text: string): boolean =>
  text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text)

/** A duration as Go reads it, above zero: `72h`, `1h30m`. */
export const isDuration = (text: string): boolean =>
  /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*$/.test(
    text,
  ) && /[1-9]/.test(text)

/** Only the PEM frame is checked: encrypted keys are accepted. */
export const looksLikePrivateKey = (text: string): boolean =>
  pemBlocks(text).some(({ label }) => label.endsWith('PRIVATE KEY'))

/** Whether a certificate can hold a text as a DNS name: any ASCII, as Go takes it. */
export const isCertificateName = (text: string): boolean => Buffer.from(text).every((byte) => byte < 0x80)

/** A whole number that the settings of a network plugin take. */
export const isWholeNumber = (text: string): boolean => /^[-+]?\d{1,15}$/.test(text)
