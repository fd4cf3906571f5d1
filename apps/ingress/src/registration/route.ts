import type { NetworkDefinition, Sender } from '@ott/delivery'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import { type Networks, perNetwork } from '../per-network.ts'
import { notFound, only, type Problem } from '../problem.ts'
import type { FindSender } from '../send/request.ts'
import { toItem, toList } from './answer.ts'
import { readPageRequest } from './page-request.ts'
import { createReadRegistration } from './request.ts'

/** Registers a sender, or overwrites it. */
type RegisterSender = (sender: Omit<Sender, 'revision'>) => Promise<void>

/** One page of a network's senders, pages counted from 1. `count` is of all pages. */
type ListSenders = (
  network: string,
  page: number,
  pageSize: number,
) => Promise<{ readonly count: number; readonly senders: readonly Sender[] }>

/** Forgets a sender. Tells whether there was one. */
type RemoveSender = (network: string, id: string) => Promise<boolean>

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
export function addRegistrationRoutes(app: Express, readJson: RequestHandler, given: RegistrationCollaborators): void {
  app.route(path).post(readJson, register(given)).all(only('POST'))
  app.route(`${path}/:platform`).get(list(given)).all(only('GET, HEAD'))
  app.route(`${path}/:platform/:ottPropertyId`).get(show(given)).delete(remove(given)).all(only('GET, HEAD, DELETE'))
}

function register(given: RegistrationCollaborators): RequestHandler {
  const readRegistration = createReadRegistration(given.networks, given.endpointHosts)
  return async (request, response) => {
    const sender = readRegistration(request.body)
    await given.registerSender(sender)
    const { network, id, active } = sender
    given.logger.info({ network, sender: id, active }, 'sender.registered')
    response.status(201).end()
  }
}

function list({ networks, listSenders }: RegistrationCollaborators): RequestHandler<Pick<One, 'platform'>> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const wanted = readPageRequest(request.query)
    const { count, senders } = await listSenders(network, wanted.page, wanted.pageSize)
    const items = senders.map((sender) => toItem(sender, definition))
    response.json(toList(`${path}/${encodeURIComponent(network)}`, wanted, count, items))
  }
}

function show({ networks, findSender }: RegistrationCollaborators): RequestHandler<One> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const sender = await findSender(network, request.params.ottPropertyId)
    if (sender === undefined) throw noSuchSender(definition)
    response.json(toItem(sender, definition))
  }
}

function remove({ networks, removeSender, logger }: RegistrationCollaborators): RequestHandler<One> {
  const findNetwork = networkFinder(networks)
  return async (request, response) => {
    const { network, definition } = findNetwork(request.params.platform)
    const sender = request.params.ottPropertyId
    if (!(await removeSender(network, sender))) throw noSuchSender(definition)
    logger.info({ network, sender }, 'sender.removed')
    response.status(204).end()
  }
}

function networkFinder(networks: Networks) {
  const find = perNetwork(networks, (network, definition) => ({ network, definition }))
  return (platform: string) => {
    const found = find(platform)
    if (found === undefined) throw notFound('There is no platform of this name')
    return found
  }
}

function noSuchSender({ title, senderId }: NetworkDefinition): Problem {
  return notFound(`There is no ${title} registration with this ${senderId}`)
}
