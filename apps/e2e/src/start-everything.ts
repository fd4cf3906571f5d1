import { freePort, type Program, startProgram } from '@ott/local'

const variables = [
  'INGRESS_PORT',
  'BOARD_PORT',
  'SANDBOX_PORT',
  'INGRESS_HEALTH_PORT',
  'LINE_HEALTH_PORT',
  'MESSENGER_HEALTH_PORT',
  'CALLBACKS_HEALTH_PORT',
] as const

/** What `npm start` runs, on free ports and with this data folder. */
export async function startEverything(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const ports = await Promise.all(variables.map(async (variable) => [variable, String(await freePort())]))
  return startProgram({
    name: 'npm start',
    file: 'infra/local/dist/start.js',
    env: { DATA_FOLDER: folder, ...Object.fromEntries(ports), ...env },
    ports: variables,
  })
}
