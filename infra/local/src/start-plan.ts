import { join, resolve } from 'node:path'

import type { PortClaim } from './ports.ts'
import type { ProgramOptions } from './program.ts'
import { repository } from './repository.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where `npm start` keeps what outlasts it. */
export function readFolders(environment: Environment) {
  const data = resolve(repository, environment['DATA_FOLDER'] || '.data')
  return { data, redis: join(data, 'redis'), logs: join(data, 'logs'), env: join(data, 'local.env') }
}

/** The ports `npm start` needs, as the environment has them; Redis's only if it is to have a certain one. Throws when one is no port. */
export function readPorts(environment: Environment) {
  const claim = (owner: string, variable: string, usual: number): PortClaim => {
    const text = environment[variable] || String(usual)
    const port = Number(text)
    if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new Error(`${variable} is no port number: ${text}`)
    return { owner, variable, port }
  }
  return {
    ingress: claim('the ingress', 'INGRESS_PORT', 8080),
    ingressHealth: claim('the health of the ingress', 'INGRESS_HEALTH_PORT', 9100),
    line: claim('the LINE worker', 'LINE_HEALTH_PORT', 9101),
    messenger: claim('the Messenger worker', 'MESSENGER_HEALTH_PORT', 9102),
    callbacks: claim('the callbacks program', 'CALLBACKS_HEALTH_PORT', 9103),
    board: claim('the board', 'BOARD_PORT', 8081),
    sandbox: claim('the sandbox', 'SANDBOX_PORT', 8082),
    redis: environment['REDIS_PORT'] && !environment['REDIS_URL'] ? claim('Redis', 'REDIS_PORT', 6379) : undefined,
  }
}

export type Ports = ReturnType<typeof readPorts>

/** Where something of ours listens. */
export function urlOf({ port }: PortClaim): string {
  return `http://127.0.0.1:${port}`
}

/** Whoever presses Ctrl-C waits for what is under way for so long, and it is put off rather than cut off. */
const quickly = { STOP_LIMIT_MS: '3000' }

/** What `npm start` runs beside Redis, in the order it is started; it stops the other way round. */
export function planPrograms(ports: Ports, logs: string, environment: Environment): ProgramOptions[] {
  const common = { ...environment, HOST: '127.0.0.1' }
  const program = (name: string, app: string, claims: Readonly<Record<string, PortClaim>>, env: Environment = {}) => ({
    name,
    file: `apps/${app}/dist/main.js`,
    ports: Object.keys(claims),
    env: {
      ...common,
      ...env,
      ...Object.fromEntries(Object.entries(claims).map(([variable, { port }]) => [variable, String(port)])),
    },
    logFile: join(logs, `${name}.log`),
  })
  return [
    program('sandbox', 'sandbox', { PORT: ports.sandbox }),
    program('board', 'board', { PORT: ports.board }),
    program('worker-line', 'worker', { HEALTH_PORT: ports.line }, { NETWORK: 'line', ...quickly }),
    program('worker-messenger', 'worker', { HEALTH_PORT: ports.messenger }, { NETWORK: 'messenger', ...quickly }),
    program('callbacks', 'callbacks', { HEALTH_PORT: ports.callbacks }),
    program('ingress', 'ingress', { PORT: ports.ingress, HEALTH_PORT: ports.ingressHealth }),
  ]
}
