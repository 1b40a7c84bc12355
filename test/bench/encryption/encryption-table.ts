import { aligned } from '../table.ts'
import type { KeyExchange } from './encryption.ts'

const REWRITE = 'encryption.rewrite'
const VERIFY = 'encryption.verify'

/** One line for each exchange, with what it takes to write all Secrets anew and to see in etcd that they are. */
export function encryptionTable(exchanges: readonly KeyExchange[]): string {
  const head = [
    'Secrets',
    'whole',
    'written anew',
    'each second',
    'seen in etcd',
    'of a core',
    'memory',
    'load',
  ]
  return aligned([head, ...exchanges.map(cells)])
}

function cells(exchange: KeyExchange): string[] {
  const { secrets, milliseconds, peakMiB, cpuMilliseconds, steps, load } = exchange
  const rewrite = steps.get(REWRITE) ?? Number.NaN
  return [
    String(secrets),
    seconds(milliseconds),
    seconds(rewrite),
    secrets === 0 ? '' : String(Math.round((secrets * 1000) / rewrite)),
    seconds(steps.get(VERIFY) ?? Number.NaN),
    seconds(cpuMilliseconds),
    `${peakMiB.toFixed(0)} MiB`,
    load.toFixed(1),
  ]
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
