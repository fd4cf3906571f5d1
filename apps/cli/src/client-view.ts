import type { Client, ListedClient } from '@ott/registry'

import { styled, toBlock, toTable } from './print.ts'

/** A client for programs, in the words of OAuth, which is where an id and a secret are used. */
export function toJson(client: ListedClient) {
  return {
    client_id: client.id,
    name: client.name,
    account: client.account,
    scope: client.scopes.join(' '),
    enabled: client.enabled,
    requests_per_second: client.requestsPerSecond ?? null,
    created_at: toIso(client.createdAt),
    last_used_at: client.lastUsedAt === undefined ? null : toIso(client.lastUsedAt),
  }
}

/** A client with the secret that is known in this moment only, for programs. */
export function toSecretJson(client: Client, secret: string) {
  return {
    client_id: client.id,
    client_secret: secret,
    account: client.account,
    scope: client.scopes.join(' '),
  }
}

/** A client for people. */
export function toText(client: ListedClient): string {
  return toBlock({
    Client: client.id,
    Name: client.name,
    Account: client.account,
    Scopes: client.scopes.join(' '),
    State: toState(client),
    'Requests a second': client.requestsPerSecond === undefined ? 'the default' : String(client.requestsPerSecond),
    Created: toIso(client.createdAt),
    'Last used': toLastUsed(client),
  })
}

/** A client with the secret that is known in this moment only, for people. */
export function toSecretText(client: Client, secret: string): string {
  const facts = toBlock({
    'Client id': client.id,
    'Client secret': secret,
    Account: client.account,
    Scopes: client.scopes.join(' '),
  })
  return `${facts}\n\n${styled('yellow', 'Keep the secret now: it is shown this once, and only a hash of it is stored.')}`
}

/** Clients for people, one in a line. */
export function toList(clients: readonly ListedClient[]): string {
  const rows = clients.map((client) => [
    client.id,
    client.account,
    toState(client),
    toLastUsed(client),
    client.scopes.length === 0 ? '-' : client.scopes.join(' '),
    client.name,
  ])
  return toTable(['CLIENT', 'ACCOUNT', 'STATE', 'LAST USED', 'SCOPES', 'NAME'], rows)
}

function toState({ enabled }: Client): string {
  return enabled ? 'enabled' : 'disabled'
}

function toLastUsed({ lastUsedAt }: ListedClient): string {
  return lastUsedAt === undefined ? 'never' : toIso(lastUsedAt)
}

function toIso(time: number): string {
  return new Date(time).toISOString()
}
