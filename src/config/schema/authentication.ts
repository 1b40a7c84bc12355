import { z } from 'zod'
import { optionalText, ruled, text, textMap, texts } from './reading/field-rules.ts'

export const authenticationSchema = z.object({
  strategy: text({
    about:
      'Authentication strategy: `x509` for client certificates, or `x509|webhook` to also use a webhook. It must contain `x509`.',
    default: 'x509',
  }),
  sans: texts(
    "More IP addresses and names under which the API server is reached; they go into its certificate, beside the nodes' own.",
  ),
  webhook: ruled(
    z
      .object({
        configFile: optionalText({
          about: 'Kubeconfig (as text) with the address and credentials of the webhook.',
          default: { from: '`http://127.0.0.1:6440/v1/authenticate` on the same node' },
          secret: true,
        }),
        cacheTimeout: optionalText({ about: 'How long a response is cached, such as `5s`.', default: '5s' }),
      })
      .optional(),
    'The webhook that authenticates tokens. Created if the strategy contains `webhook`; used whenever the block is given.',
  ),
})

export const authorizationModes = ['rbac', 'none'] as const

export const authorizationSchema = z.object({
  mode: text({
    about:
      'Authorization mode. `none` needs a file of your own in the `admission-control-config-file` argument of `kube-api`, because otherwise a pod security level is set.',
    default: 'rbac',
    oneOf: authorizationModes,
  }),
  options: textMap('Has no effect.'),
})
