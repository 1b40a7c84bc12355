// Which folder of src may load which: imports go down this table, never up and never sideways. It is checked
// on the compiled program, in which imports that are only types are gone; those are free.
const layers = {
  files: [],
  catalog: ['files'],
  engine: [],
  snapshots: [],
  node: ['snapshots'],
  config: ['catalog'],
  pki: ['config'],
  state: ['config', 'pki', 'files'],
  etcd: ['node'],
  kube: ['node'],
  s3: ['node'],
  desired: ['config', 'catalog', 'pki'],
  templates: ['config'],
  addons: ['config', 'catalog', 'templates'],
  observe: ['node', 'etcd', 'kube', 's3', 'snapshots'],
  plan: ['config', 'catalog', 'pki', 'state', 'desired', 'addons', 'engine', 'snapshots'],
  actions: ['addons', 'node', 'etcd', 'kube', 's3', 'snapshots'],
  session: [
    ...['catalog', 'engine', 'node', 'config', 'pki', 'state', 'etcd', 'kube', 's3', 'snapshots'],
    ...['desired', 'addons', 'observe', 'plan', 'actions'],
  ],
  operations: [
    ...['catalog', 'engine', 'node', 'config', 'pki', 'state', 'etcd', 'kube', 's3', 'snapshots'],
    ...['desired', 'templates', 'addons', 'observe', 'plan', 'actions', 'session'],
  ],
  cli: ['operations', 'session', 'snapshots'],
}

/** Files beside the folders of src that every one of them may load. */
const everywhere = ['errors', 'secret', 'poll', 'in-parallel', 'time', 'pod-container', 'container-names', 'node-paths', 'role', 'reason-text', 'failure-text', 'pem', 'program-version', 'edit-distance', 'whole-megabytes', 'encryption-mark']

/**
 * Rooms of higher folders that only compute. Whoever decides or describes may load them too; they load nothing but themselves.
 */
const pure = ['kube/objects', 'etcd/members']

/** The one place of the command line that puts together what operations are handed. */
const composition = ['catalog', 'config', 'files', 'node', 'state']

const inFolders = (folders) => `^src/(${folders.join('|')})/`
const shared = `^src/(${everywhere.join('|')})\\.js$`
const allowed = (folders) => (folders.length === 0 ? [shared] : [shared, inFolders(folders)])

const mayUsePure = ['desired', 'observe', 'plan']

const layerRules = Object.entries(layers).map(([folder, below]) => ({
  name: `${folder}-imports-only-${below.length === 0 ? 'itself' : 'lower-layers'}`,
  comment: `src/${folder} may load ${[folder, ...below, ...everywhere].join(', ')}. See docs/architecture.md.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, ...(folder === 'cli' && { pathNot: '^src/cli/local/' }) },
  to: {
    path: '^src/',
    pathNot: allowed([folder, ...below, ...(mayUsePure.includes(folder) ? pure : [])]),
  },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'pure-rooms-load-only-themselves',
      comment: 'src/kube/objects and src/etcd/members compute; they ask nobody.',
      severity: 'error',
      from: { path: inFolders(pure) },
      to: { path: '^src/', pathNot: [shared, inFolders(pure)] },
    },
    {
      name: 'cli-local-puts-together',
      comment: 'src/cli/local hands operations their files, their state store and their way to machines.',
      severity: 'error',
      from: { path: '^src/cli/local/' },
      to: { path: '^src/', pathNot: allowed(['cli', 'operations', 'session', ...composition]) },
    },
    {
      name: 'bin-runs-the-command-line',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^src/', pathNot: '^src/cli/' },
    },
    {
      name: 'library-without-command-line',
      comment: 'Who uses the operations in a program of their own loads nothing of the command line.',
      severity: 'error',
      from: { path: '^src/index\\.js$' },
      to: { path: ['^src/cli/', '(^|/)node_modules/commander/'], reachable: true },
    },
    {
      name: 'shared-files-import-nothing',
      severity: 'error',
      from: { path: shared },
      to: { path: '^src/', pathNot: shared },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'pure-without-outside-world',
      comment: 'What is wanted and what is planned follow from what is handed in: no file, no network.',
      severity: 'error',
      from: {
        path: inFolders(['config', 'catalog', 'desired', 'templates', 'addons', 'plan', 'engine']),
        pathNot: '^src/catalog/(open-catalog\\.js$|imports/)',
      },
      to: { path: '^(node:)?(fs|tls|http|https|http2|dns|dgram|child_process|os|readline)(/|$)' },
    },
    {
      name: 'operations-without-files',
      comment: 'Files, terminals and sockets are handed to operations, so that a server can use them, too.',
      severity: 'error',
      from: { path: inFolders(['operations', 'session', 'actions', 'observe', 'pki']) },
      to: { path: '^(node:)?(fs|child_process|os|readline|process)(/|$)' },
    },
    {
      name: 'heavy-packages-when-needed',
      comment: 'These take a third of a second to load; load them by import() where they are used.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/(@kubernetes/client-node|dockerode)/', dynamic: false },
    },
    {
      name: 'packages-are-dependencies',
      comment: 'The program may load only packages that are installed with it.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer', 'unknown'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    moduleSystems: ['es6', 'cjs'],
    skipAnalysisNotInRules: true,
  },
}
