import type { ClusterConfig } from '../cluster-config.ts'
import { webhookConfigFile } from '../defaults/cluster-defaults.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { textsOf } from '../schema/reading/texts-of.ts'
import { placeholdersIn } from './placeholders.ts'

/** Shorter texts occur everywhere; taking them out of outputs would make these unreadable, and hide nothing. */
export const shortestSecret = 4

/**
 * Every password, key and token of a configuration, in all the forms in which it may turn up in what others say: as it
 * is, in base64, as in JSON, and the single lines of a key. Longest first, so that taking them out of a text one after
 * the other leaves no rest of one. Call it with the configuration that `resolveSecrets` returned.
 */
export function secretValues(config: ClusterConfig): readonly string[] {
  const secrets = textsOf(clusterConfigSchema, config)
    .filter(
      ({ rules, text }) => rules.secret && placeholdersIn(text).length === 0 && text !== webhookConfigFile,
    )
    .map(({ text }) => text)
  return secretForms(secrets)
}

/** The forms in which secrets may turn up; longest first. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= shortestSecret))
  return [...forms].sort((a, b) => b.length - a.length)
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    secret.trim(),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    ...keyLines(secret),
  ]
}

/** The lines inside a key in PEM form; those of other texts, such as a kubeconfig, say nothing by themselves. */
function keyLines(secret: string): readonly string[] {
  const [, body = ''] = /-----BEGIN [^-]*PRIVATE KEY-----([\s\S]*?)(?:-----END|$)/.exec(secret) ?? []
  return body.split(/\s+/).filter((line) => line.length >= 16)
}
