import { join, resolve } from 'node:path'

import type { PortClaim } from './ports.ts'
import type { ProgramOptions } from './program.ts'
import { repository } from './repository.ts'
import { dataFolder, redisPort, startPorts, type StartVariable } from './start-variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where `npm start` keeps what outlasts it. */
export function readFolders(environment: Environment) {
  const data = resolve(repository, environment[dataFolder.name] || dataFolder.usual)
  return { data, redis: join(data, 'redis'), logs: join(data, 'logs'), env: join(data, 'local.env') }
}

/** The ports `npm start` needs, as the environment has them; Redis's only if it is to have a certain one. Throws when one is no port. */
export function readPorts(environment: Environment) {
  const claim = ({ owner, name: variable, usual }: StartVariable & { readonly owner: string }): PortClaim => {
    const text = environment[variable] || usual
    const port = Number(text)
    if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new Error(`${variable} is no port number: ${text}`)
    return { owner, variable, port }
  }
  return {
    ingress: claim(startPorts.ingress),
    ingressHealth: claim(startPorts.ingressHealth),
    line: claim(startPorts.line),
    messenger: claim(startPorts.messenger),
    callbacks: claim(startPorts.callbacks),
    board: claim(startPorts.board),
    sandbox: claim(startPorts.sandbox),
    redis: environment[redisPort.name] && !environment['REDIS_URL'] ? claim(redisPort) : undefined,
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
