import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { type ClientRegistry, type ListedClient, Scope } from '@ott/registry'

import { toAccount } from './account.ts'
import { toJson, toList, toSecretJson, toSecretText, toText } from './client-view.ts'
import { Failure } from './failure.ts'
import { print, printJson } from './print.ts'
import { withClients } from './registries.ts'

/** How many are read at a time. */
const pageSize = 500

const json = ['--json', 'print JSON'] as const

/** `ott client …`: who may call the API. */
export function addClientCommands(ott: Command): void {
  const client = ott.command('client').description('API clients: who may call, for which account, and what they may do')
  addCreate(client)
  addList(client)
  addShow(client)
  addSetEnabled(client, 'disable', false, 'refuse a client: it gets no token, and those it has end within seconds')
  addSetEnabled(client, 'enable', true, 'let a disabled client in again')
  addRotateSecret(client)
}

function addCreate(client: Command): void {
  client
    .command('create')
    .description('make a client, with an id and a secret of its own')
    .requiredOption('--name <name>', 'what people call it', toName)
    .requiredOption('--account <account>', 'whose senders, deliveries and message keys it sees', toAccount)
    .requiredOption('--scope <scopes>', `what it may do, separated by spaces: ${Scope.options.join(' ')}`, toScopes)
    .option('--requests-per-second <number>', 'its request rate, where not the default', toRate)
    .option(...json)
    .addHelpText(
      'after',
      `
Examples:
  ott client create --name "Web shop" --account shop --scope "ott_chat_messaging_send ott_chat_messaging_read"
  ott client create --name Setup --account shop --scope "ott_channels_write ott_channels_read" --json`,
    )
    .action(async ({ name, account, scope: scopes, requestsPerSecond, json: asJson }) => {
      const made = await withClients((clients) => clients.create({ name, account, scopes, requestsPerSecond }))
      if (asJson) printJson(toSecretJson(made.client, made.secret))
      else print(toSecretText(made.client, made.secret))
    })
}

function addList(client: Command): void {
  client
    .command('list')
    .description('list the clients')
    .option('--account <account>', 'of one account only', toAccount)
    .option(...json)
    .addHelpText('after', '\nExample:\n  ott client list --account shop --json')
    .action(async ({ account, json: asJson }) => {
      const all = await withClients(listAll)
      const wanted = all.filter((listed) => account === undefined || listed.account === account)
      if (asJson) printJson(wanted.map(toJson))
      else if (wanted.length > 0) print(toList(wanted))
      else print('There are no clients yet: `ott client create --help` shows how to make one.')
    })
}

function addShow(client: Command): void {
  client
    .command('show')
    .description('show one client')
    .argument('<id>', 'as `ott client list` shows it')
    .option(...json)
    .addHelpText('after', '\nExample:\n  ott client show 0d3c1f64-7d7a-4b3c-9a67-0f6f4c7f3f1e')
    .action(async (id, { json: asJson }) => {
      const found = await withClients((clients) => findListed(clients, id))
      if (asJson) printJson(toJson(found))
      else print(toText(found))
    })
}

function addSetEnabled(client: Command, name: string, enabled: boolean, description: string): void {
  client
    .command(name)
    .description(description)
    .argument('<id>', 'as `ott client list` shows it')
    .option(...json)
    .addHelpText('after', `\nExample:\n  ott client ${name} 0d3c1f64-7d7a-4b3c-9a67-0f6f4c7f3f1e`)
    .action(async (id, { json: asJson }) => {
      const changed = await withClients(async (clients) => {
        if ((await clients.setEnabled(id, enabled)) === undefined) throw noSuchClient(id)
        return findListed(clients, id)
      })
      if (asJson) printJson(toJson(changed))
      else print(toText(changed))
    })
}

function addRotateSecret(client: Command): void {
  client
    .command('rotate-secret')
    .description('give a client another secret; the one before is of no use from then on')
    .argument('<id>', 'as `ott client list` shows it')
    .option(...json)
    .addHelpText('after', '\nExample:\n  ott client rotate-secret 0d3c1f64-7d7a-4b3c-9a67-0f6f4c7f3f1e --json')
    .action(async (id, { json: asJson }) => {
      const rotated = await withClients((clients) => clients.rotateSecret(id))
      if (rotated === undefined) throw noSuchClient(id)
      if (asJson) printJson(toSecretJson(rotated.client, rotated.secret))
      else print(toSecretText(rotated.client, rotated.secret))
    })
}

async function listAll(clients: ClientRegistry): Promise<ListedClient[]> {
  const all: ListedClient[] = []
  for (let page = 1; ; page += 1) {
    const { count, records } = await clients.list(page, pageSize)
    all.push(...records)
    if (page * pageSize >= count) return all
  }
}

async function findListed(clients: ClientRegistry, id: string): Promise<ListedClient> {
  const found = (await listAll(clients)).find((listed) => listed.id === id)
  if (found === undefined) throw noSuchClient(id)
  return found
}

function noSuchClient(id: string): Failure {
  return new Failure(`There is no client with the id ${id}. \`ott client list\` shows those there are.`)
}

function toName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 100) throw new InvalidArgumentError('It must have 1 to 100 characters.')
  return name
}

function toScopes(text: string): Scope[] {
  const parsed = Scope.array()
    .nonempty()
    .safeParse(text.split(/[\s,]+/).filter(Boolean))
  if (!parsed.success) throw new InvalidArgumentError(`There are: ${Scope.options.join(', ')}.`)
  return [...new Set(parsed.data)]
}

function toRate(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return Number(text)
}
