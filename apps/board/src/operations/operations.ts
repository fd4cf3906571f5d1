import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import compression from 'compression'
import express, { type RequestHandler, Router } from 'express'
import { z } from 'zod'

import type { WatchedNetwork } from './network-level.ts'
import type { Sampler } from './sampler.ts'

export type OperationsDependencies = {
  readonly sampler: Sampler
  readonly networks: readonly Pick<WatchedNetwork, 'name' | 'title'>[]
}

/** It lies beside the compiled program's folder. */
const pageFolder = fileURLToPath(new URL('../../public/', import.meta.url))
const chartFolder = dirname(fileURLToPath(import.meta.resolve('uplot')))

/** No moment, or one that cannot be read, is the beginning of time. */
const Query = z.object({ after: z.coerce.number().catch(0) })

/** The page that shows how all stands, its scripts and its figures. Whoever may not see them has been turned away before. */
export function createOperations(given: OperationsDependencies): Router {
  const router = Router()
  // An hour's figures are 0.8 MB, and a seventh of that compressed.
  router.use(compression())
  router.get('/', (_request, response) => response.sendFile('index.html', { root: pageFolder, cacheControl: false }))
  router.get('/figures', answerFigures(given))
  for (const folder of [pageFolder, chartFolder]) router.use(express.static(folder, { index: false, redirect: false }))
  return router
}

/** What the page has not seen yet, and how all stands now. */
function answerFigures({ sampler, networks }: OperationsDependencies): RequestHandler {
  const titles = networks.map(({ name, title }) => ({ name, title }))
  return (request, response) => {
    const { after } = Query.parse(request.query)
    const latest = sampler.latest()
    response.json({
      now: Date.now(),
      everyMs: sampler.everyMs,
      networks: titles,
      samples: sampler.after(after),
      parked: latest?.parked ?? [],
      durability: latest?.redis.durability,
      unfit: latest?.redis.unfit,
    })
  }
}
