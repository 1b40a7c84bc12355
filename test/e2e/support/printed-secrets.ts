import type { State } from './workspace.ts'

/** Shorter pieces of Base64 stand in public certificates, too. */
const PIECE = 40

/** Pieces of every private key in a state, as PEM and as kubeconfigs hold it: any of them in a log is a leak. */
export function secretsOfState({ currentState, desiredState }: State): readonly string[] {
  const keys = [currentState, desiredState].flatMap(({ certificatesBundle = {} }) =>
    Object.values(certificatesBundle).map(({ keyPEM }) => keyPEM),
  )
  return [...new Set(keys)].filter((key) => key !== '').flatMap(piecesOfKey)
}

function piecesOfKey(pem: string): readonly string[] {
  const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  return [
    // The first line of every key begins alike.
    ...lines.slice(1).map((line) => line.slice(0, PIECE)),
    ...lines.slice(1).map((line) => Buffer.from(line).toString('base64').slice(0, PIECE)),
    ...(Buffer.from(pem)
      .toString('base64')
      .slice(PIECE * 4)
      .match(new RegExp(`.{${PIECE}}`, 'g')) ?? []),
  ].filter((piece) => piece.length === PIECE)
}
