import { certificate, file, ofNode, type Refusals } from './refused.ts'

export const LOGINS: Refusals = {
  'ssh-transport.ts: "…" is not a port': {
    files: ofNode('port: ssh'),
    says: /nodes\[0\]\.port: "ssh" is not a port/,
  },
  'credentials.ts: SSH certificate … cannot be used: …': {
    files: ofNode('ssh_cert: text'),
    says: /nodes\[0\]\.ssh_cert: SSH certificate ssh_cert cannot be used/,
  },
  'credentials.ts: SSH certificate "…" was issued for another key than …': {
    files: ofNode(`ssh_cert: ${certificate('somebody')}`),
    says: /SSH certificate "somebody" was issued for another key than/,
  },
  'credentials.ts: ssh_agent_auth is on, but no SSH agent is running': {
    files: file('ssh_agent_auth: true'),
    says: /cluster\.yml:3:1: ssh_agent_auth: ssh_agent_auth is on, but no SSH agent is running/,
  },
  'credentials.ts: no SSH key is given': 'a program that uses the library made a mistake',
  'key-reader.ts: SSH key … cannot be used: …': {
    files: { ...ofNode('ssh_key_path: HOME/key'), key: 'text' },
    says: /nodes\[0\]\.ssh_key_path: SSH key .*key cannot be used: it is not a private key/,
  },
  'key-reader.ts: … … cannot be read': {
    files: file('ssh_key_path: /nowhere/key'),
    says: /cluster\.yml:3:1: ssh_key_path: ssh_key_path \/nowhere\/key cannot be read: there is no such file/,
  },
}
