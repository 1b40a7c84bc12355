import { type CaReaders, readerText } from '../../kube/objects/ca-readers.ts'

/** More are only counted. */
const MOST = 20

/** Why a rotation has stopped before the old CA goes, and how it goes on, each in one line; empty if it is done. */
export function waitingLines(readers: CaReaders | undefined): readonly string[] {
  if (readers === undefined) return []
  const { workloads, others, oldTokens } = readers
  const lines = [
    ...some(workloads.map(readerText)),
    ...some(others.map((pod) => `pod ${pod}, which nothing replaces by itself`)),
    ...some(oldTokens.map((secret) => `the token in Secret ${secret}`)),
  ]
  return [
    'The new CA has issued everything. The old one is trusted until it is finished, because some trust only that, or hold a token of the old key:',
    ...lines.map((line) => `- ${line}`),
    ...(workloads.length > 0
      ? [
          `"rke cert rotate --rotate-ca --restart-workloads" restarts the workloads${others.length === 0 ? ' and finishes' : ''}`,
        ]
      : []),
    oldTokens.length === 0
      ? '"rke cert rotate --rotate-ca" finishes once they are restarted; "rke cert rotate --rotate-ca --finish" does so in any case'
      : '"rke cert rotate --rotate-ca --finish" renews the tokens and finishes in any case: whoever holds a copy of one needs the new one',
  ]
}

function some(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `${lines.length - MOST} more`]
}
