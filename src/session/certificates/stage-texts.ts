import { type CaReaders, readerText } from '../../kube/objects/ca-readers.ts'
import { ROTATION_STAGES, type RotationStage } from '../../pki/rotation/rotation-stages.ts'
import type { VouchingFailure } from '../../pki/rotation/vouching.ts'

/** Those for whom a rotation stops, or would stop, once all nodes are through a stage. */
export interface RotationStop {
  readonly after: RotationStage
  readonly readers: CaReaders
}

/** More are only counted. */
const MOST = 20

const WORDS: Readonly<Record<RotationStage, string>> = {
  trust: 'the old CA and the new one are trusted',
  issue: 'the new CA issues all certificates, and the new key signs tokens',
  finish: 'the old CA and the old key go',
}

const numberOf = (stage: RotationStage): string =>
  `stage ${ROTATION_STAGES.indexOf(stage) + 1} of ${ROTATION_STAGES.length}`

/** `stage 1 of 3: the old CA and the new one are trusted`. */
export const stageTitle = (stage: RotationStage): string => `${numberOf(stage)}: ${WORDS[stage]}`

const WHY: Readonly<Record<VouchingFailure, string>> = {
  'no-key': 'its key is kept elsewhere',
  'path-length': 'its path length is 0',
}

/** That pods and kubeconfigs have to follow earlier than in other rotations. */
export function vouchingText(why: VouchingFailure): string {
  return (
    `The old CA cannot sign the new one (${WHY[why]}): whoever trusts only the old one, as pods and kubeconfigs from before do, ` +
    'loses the API with stage 2 already, and must have both before'
  )
}

/** Why a rotation stops, and how it goes on, each in one line; empty if it does not. */
export function waitingLines(stop: RotationStop | undefined): readonly string[] {
  if (stop === undefined) return []
  const { after, readers } = stop
  const { workloads, others, oldTokens } = readers
  const goesOn = after === 'issue' ? 'finishes' : 'goes on'
  const why = oldTokens.length === 0 ? '' : ', or hold a token of the old key'
  return [
    `It stops after ${numberOf(after)}, with both CAs trusted, because some trust only the old one${why}:`,
    ...readerLines(readers).map((line) => `- ${line}`),
    ...(workloads.length > 0
      ? [
          `"rke cert rotate --rotate-ca --restart-workloads" restarts the workloads${others.length === 0 ? ` and ${goesOn}` : ''}`,
        ]
      : []),
    oldTokens.length === 0
      ? `"rke cert rotate --rotate-ca" ${goesOn} once they are restarted; then "rke cert rotate --rotate-ca --finish" does so in any case`
      : '"rke cert rotate --rotate-ca --finish" then renews the tokens and finishes in any case: whoever holds a copy of one needs the new one',
  ]
}

/** What is to be done by those who are left behind. */
export function losingText(readers: CaReaders): string {
  return `These trust only the old CA, and lose the Kubernetes API until they are restarted: ${readerLines(readers).join(', ')}`
}

function readerLines({ workloads, others, oldTokens }: CaReaders): readonly string[] {
  return [
    ...some(workloads.map(readerText)),
    ...some(others.map((pod) => `pod ${pod}, which nothing replaces by itself`)),
    ...some(oldTokens.map((secret) => `the token in Secret ${secret}`)),
  ]
}

function some(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `${lines.length - MOST} more`]
}
