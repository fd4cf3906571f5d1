import type { NetworkDefinition, Sender } from '@ott/delivery'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import { type Networks, perNetwork } from '../per-network.ts'
import { notFound, only, type Problem } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import type { FindSender } from '../send/request.ts'
import { toItem, toList } from './answer.ts'
import { readPageRequest } from './page-request.ts'
import { nameMax } from '../wire-values.ts'
import { createReadRegistration } from './request.ts'

/** Registers a sender, or overwrites it. */
type RegisterSender = (sender: Omit<Sender, 'revision'>) => Promise<void>

/** One page of an account's senders on a network, pages counted from 1. `count` is of all pages. */
type ListSenders = (
  account: string,
  network: string,
  page: number,
  pageSize: number,
) => Promise<{ readonly count: number; readonly records: readonly Sender[] }>

/** Forgets an account's sender. Tells whether there was one. */
type RemoveSender = (account: string, network: string, id: string) => Promise<boolean>

/** What registrations work with. */
export type RegistrationCollaborators = {
  readonly networks: Networks
  readonly endpointHosts: readonly string[]
  readonly findSender: FindSender
  readonly registerSender: RegisterSender
  readonly listSenders: ListSenders
  readonly removeSender: RemoveSender
  readonly logger: Logger
}

const path = '/ott/v1/registration'

type One = { platform: string; ottPropertyId: string }

/** POST, GET and DELETE below /ott/v1/registration. */
export function addRegistrationRoutes(
  app: Express,
  allow: Allow,
  readJson: RequestHandler,
  given: RegistrationCollaborators,
): void {
  const [mayRead, mayWrite] = [allow('ott_channels_read'), allow('ott_channels_write')]
  app.route(path).post(mayWrite, readJson, register(given)).all(only('POST'))
  app.route(`${path}/:platform`).get(mayRead, list(given)).all(only('GET, HEAD'))
  app
    .route(`${path}/:platform/:ottPropertyId`)
    .get(mayRead, show(given))
    .delete(mayWrite, remove(given))
    .all(only('GET, HEAD, DELETE'))
}

function register(given: RegistrationCollaborators): RequestHandler {
  const readRegistration = createReadRegistration(given.networks, given.endpointHosts)
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const sender = { account, ...readRegistration(request.body) }
    await given.registerSender(sender)
    const { network, id, active } = sender
    const requestId = requestIdOf(response)
    given.logger.info({ requestId, client, account, network, sender: id, active }, 'sender.registered')
    response.status(201).end()
  }
}

function list({ networks, listSenders }: RegistrationCollaborators): RequestHandler<Pick<One, 'platform'>> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const wanted = readPageRequest(request.query)
    const { account } = callerOf(request)
    const { count, records } = await listSenders(account, network, wanted.page, wanted.pageSize)
    const items = records.map((sender) => toItem(sender, definition))
    response.json(toList(`${path}/${encodeURIComponent(network)}`, wanted, count, items))
  }
}

function show({ networks, findSender }: RegistrationCollaborators): RequestHandler<One> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const { ottPropertyId: id } = request.params
    const sender = id.length > nameMax ? undefined : await findSender(callerOf(request).account, network, id)
    if (sender === undefined) throw noSuchSender(definition)
    response.json(toItem(sender, definition))
  }
}

function remove({ networks, removeSender, logger }: RegistrationCollaborators): RequestHandler<One> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const sender = request.params.ottPropertyId
    const { id: client, account } = callerOf(request)
    if (!(await removeSender(account, network, sender))) throw noSuchSender(definition)
    logger.info({ requestId: requestIdOf(response), client, account, network, sender }, 'sender.removed')
    response.status(204).end()
  }
}

function networkFinder(networks: Networks) {
  const find = perNetwork(networks, (network, definition) => ({ network, definition }))
  return (platform: string) => {
    const found = find(platform)
    if (found === undefined) throw noSuchPlatform()
    return found
  }
}

/** There is no network of this name. */
export function noSuchPlatform(): Problem {
  return notFound('There is no platform of this name')
}

/** There is no such sender on this network, of this account. */
export function noSuchSender({ title, senderId }: NetworkDefinition): Problem {
  return notFound(`There is no ${title} registration with this ${senderId}`)
}
