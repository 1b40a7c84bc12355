import { z } from 'zod'
import { flag, optionalText, ruled, secretText, text } from './reading/field-rules.ts'

/** A registry with its credentials. An empty `url` means Docker Hub. */
export const privateRegistrySchema = z.object({
  url: optionalText({
    about:
      'Host of the registry, with its port and path if it has them, and without `https://`. Only the last entry for a host counts.',
    default: 'docker.io',
  }),
  user: optionalText({ about: 'User name.', placeholders: true }),
  password: secretText('Password or token.'),
  isDefault: flag(
    'Pull all images that `system_images` does not name from this registry: its `url` and a slash become their prefix. Only the first such entry counts.',
  ),
  ecrCredentialPlugin: ruled(
    z
      .object({
        awsAccessKeyId: secretText(
          'Access key; without both keys the credentials of the AWS environment are used.',
        ),
        awsSecretAccessKey: secretText('Secret key that belongs to the access key.'),
        awsAccessToken: ruled(secretText('Session token of temporary credentials.'), {
          yaml: 'aws_session_token',
        }),
      })
      .optional(),
    'Log in to an Amazon ECR registry; used only if `user` and `password` are empty.',
  ),
})

/** A machine through which all others are reached; active when it has an address. */
export const bastionHostSchema = z.object({
  address: text('IP address or name of the machine. Without one no bastion host is used.'),
  port: text({ about: 'Port of its SSH server.', default: { from: '`22` where there is an address' } }),
  user: text('User name.'),
  sshAgentAuth: flag({
    about: 'Always replaced by the top-level `ssh_agent_auth`.',
    unset: 'left-out',
    derived: true,
  }),
  sshKey: secretText('The private key itself, in PEM form; overrides `ssh_key_path`.'),
  sshKeyPath: text({
    about: 'File of the private key.',
    default: { from: 'the top-level `ssh_key_path`' },
  }),
  sshCert: optionalText('OpenSSH user certificate that belongs to the key.'),
  sshCertPath: optionalText('File of the OpenSSH user certificate.'),
  ignoreProxyEnvVars: flag(
    'Ignore `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` for connections through the bastion.',
  ),
})
