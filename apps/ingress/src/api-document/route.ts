import type { Express, Request, RequestHandler, Response } from 'express'

import { notFound, only } from '../problem.ts'
import { createApiDocument, type Documented } from './document.ts'
import { docsPage, pageFiles, pageFolder, setPageHeaders, tagOf } from './docs-page.ts'

/** For so long nobody asks again: a deploy may change it. */
const cacheControl = 'public, max-age=300'

/** GET /openapi.json, and the page to read it, GET /docs: for anybody. */
export function addApiDocumentRoutes(app: Express, given: Documented): void {
  // Where the API stands below the host's root: there the page finds the document.
  const root = given.publicUrl === undefined ? '/' : new URL(given.publicUrl).pathname
  const document = tell('application/json', JSON.stringify(createApiDocument(given)))
  const page = tell('text/html', docsPage(root))
  app.route('/openapi.json').get(document).all(only('GET, HEAD'))
  app.route('/docs').get(setPageHeaders, page).all(only('GET, HEAD'))
  app.route('/docs/:file').get(setPageHeaders, sendFile).all(only('GET, HEAD'))
}

/** Answers with what is always the same. */
function tell(type: string, text: string): RequestHandler {
  const tag = tagOf(text)
  return (request, response) => {
    response.set({ 'Cache-Control': cacheControl, ETag: tag })
    if (request.fresh) response.status(304).end()
    else response.type(type).send(text)
  }
}

function sendFile(request: Request<{ file: string }>, response: Response, next: (error?: unknown) => void): void {
  const { file } = request.params
  const tag = pageFiles.get(file)
  if (tag === undefined) throw notFound('There is nothing at this path')
  const headers = { 'Cache-Control': cacheControl, ETag: tag }
  response.sendFile(file, { root: pageFolder, headers, cacheControl: false, acceptRanges: false }, (error) => {
    // Whoever has gone away in the middle of it needs no answer.
    if (!response.headersSent) next(error)
  })
}
