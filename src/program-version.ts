import manifest from '../package.json' with { type: 'json' }

/** `v0.1.0`. */
export const programVersion = `v${manifest.version}`
