import { startVariables } from './start-variables.ts'

const nameWidth = Math.max(...startVariables.map(({ name }) => name.length))
const usualWidth = Math.max(...startVariables.map(({ usual }) => usual.length))
const lines = startVariables.map(
  ({ name, usual, description }) => `  ${name.padEnd(nameWidth)}   ${usual.padEnd(usualWidth)}  ${description}`,
)

/** What `npm start -- --help` prints. */
export const usage = `npm start    runs everything on this machine, against a sandbox that stands in for the networks

It starts Redis (as infra/redis.conf has it), the sandbox, the board, a worker for each network, the callbacks program and the ingress,
makes a demo client and a demo sender for each network, and prints commands to try. Ctrl-C stops everything. A program that
ends by itself is started again, but for Redis: without it everything stops. The keys, the client and the board's password
are kept in .data/local.env.

Environment:
${lines.join('\n')}

Anything else the programs read (README: Configuration) is passed on to them, but for HOST and ENDPOINT_HOSTS: all of it
listens on 127.0.0.1, and only the sandbox may be called.`
