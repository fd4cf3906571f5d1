/** A variable of `npm start`, for people; `usual` is what it is when it is not set. */
export type StartVariable = { readonly name: string; readonly usual: string; readonly description: string }

/** The ports of what `npm start` runs; `owner` is what errors call the program. */
export const startPorts = {
  ingress: { owner: 'the ingress', name: 'INGRESS_PORT', usual: '8080', description: 'the API' },
  board: { owner: 'the board', name: 'BOARD_PORT', usual: '8081', description: 'the board' },
  sandbox: {
    owner: 'the sandbox',
    name: 'SANDBOX_PORT',
    usual: '8082',
    description: 'the sandbox, and the page that shows its chats',
  },
  ingressHealth: {
    owner: 'the health of the ingress',
    name: 'INGRESS_HEALTH_PORT',
    usual: '9100',
    description: 'health of the ingress',
  },
  line: { owner: 'the LINE worker', name: 'LINE_HEALTH_PORT', usual: '9101', description: 'health of the LINE worker' },
  messenger: {
    owner: 'the Messenger worker',
    name: 'MESSENGER_HEALTH_PORT',
    usual: '9102',
    description: 'health of the Messenger worker',
  },
  callbacks: {
    owner: 'the callbacks program',
    name: 'CALLBACKS_HEALTH_PORT',
    usual: '9103',
    description: 'health of the callbacks program',
  },
} as const

/** The port of our own Redis, where it is to have a certain one. */
export const redisPort = {
  owner: 'Redis',
  name: 'REDIS_PORT',
  usual: '',
  description: 'the port of our own; any free one, unless set',
} as const

/** Where `npm start` keeps what outlasts it. */
export const dataFolder: StartVariable = {
  name: 'DATA_FOLDER',
  usual: '.data',
  description: "Redis's data, which is kept, and the logs of this run",
}

/** All that `npm start` reads itself, as its help lists them. */
export const startVariables: readonly StartVariable[] = [
  ...Object.values(startPorts),
  { name: 'REDIS_URL', usual: '', description: 'a Redis that runs already, used instead of one of our own' },
  redisPort,
  dataFolder,
  { name: 'LOG_LEVEL', usual: 'info', description: 'how much is logged' },
].map(({ name, usual, description }) => ({ name, usual, description }))
