import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import helmet from 'helmet'

const require = createRequire(import.meta.url)

/** Where Swagger UI is on disk, as it is published. */
export const pageFolder = dirname(require.resolve('swagger-ui-dist/package.json'))

/** What of it the page is made of, each with its ETag. */
export const pageFiles: ReadonlyMap<string, string> = new Map(
  ['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => [name, tagOf(readFileSync(join(pageFolder, name)))]),
)

/** The ETag of an answer that is the same as long as its bytes are. */
export function tagOf(bytes: Buffer | string): string {
  return `"${createHash('sha256').update(bytes).digest('base64url')}"`
}

/** https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration */
const startScript = `
  addEventListener('DOMContentLoaded', () =>
    SwaggerUIBundle({
      url: document.body.dataset.document,
      dom_id: '#reference',
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      // It would be asked elsewhere.
      validatorUrl: null,
    }),
  )
`

/** All that the page is made of comes from here, and no other site may frame it. */
export const setPageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", `'sha256-${createHash('sha256').update(startScript).digest('base64')}'`],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // Over plain http browsers only complain of it.
  originAgentCluster: false,
  crossOriginOpenerPolicy: false,
})

/** The page that shows the document. `root` is the path of the API's root, with a slash at the end. */
export function docsPage(root: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API reference · ott-dispatcher</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${root}docs/swagger-ui.css">
    <script defer src="${root}docs/swagger-ui-bundle.js"></script>
    <script>${startScript}</script>
  </head>
  <body data-document="${root}openapi.json">
    <main id="reference"></main>
    <noscript>This page needs JavaScript. The document itself is at <a href="${root}openapi.json">openapi.json</a>.</noscript>
  </body>
</html>
`
}
