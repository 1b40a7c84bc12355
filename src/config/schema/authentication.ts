import { z } from 'zod'
import { optionalText, ruled, text, textMap, texts } from './reading/field-rules.ts'

export const authenticationSchema = z.object({
  strategy: text({
    about:
      'How users prove who they are: `x509` for client certificates, or `x509|webhook` to ask a webhook as well. `x509` must be part of it.',
    default: 'x509',
  }),
  sans: texts(
    "More IP addresses and names under which the API server is reached; they go into its certificate, beside the nodes' own.",
  ),
  webhook: ruled(
    z
      .object({
        configFile: optionalText({
          about: 'Text of the kubeconfig that says where the webhook is and how to reach it.',
          default: { from: 'asks `http://127.0.0.1:6440/v1/authenticate` on the same node' },
          secret: true,
        }),
        cacheTimeout: optionalText({ about: 'How long an answer is kept, such as `5s`.', default: '5s' }),
      })
      .optional(),
    'The webhook that confirms tokens. Created where the strategy contains `webhook`; in force wherever the block is given.',
  ),
})

export const authorizationModes = ['rbac', 'none'] as const

export const authorizationSchema = z.object({
  mode: text({
    about:
      'How it is decided what users may do. `none` needs an own file named by the `admission-control-config-file` argument of `kube-api`, because a pod security level is in force otherwise.',
    default: 'rbac',
    oneOf: authorizationModes,
  }),
  options: textMap('Has no effect.'),
})
