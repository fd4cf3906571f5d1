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

/** Swagger UI leaves much room between what belongs together; and no answer here has the links that it has a column for. */
const style = `
  body { margin: 0; }
  .swagger-ui .wrapper { max-width: 1200px; padding: 0 24px; }
  .swagger-ui .info { margin: 24px 0 16px; }
  .swagger-ui .info hgroup.main { margin-bottom: 8px; }
  .swagger-ui .info p, .swagger-ui .info .info__license { margin: 0 0 8px; line-height: 1.45; }
  .swagger-ui .scheme-container { margin: 0 0 12px; padding: 12px 0; box-shadow: none; border-block: 1px solid #d9dee4; }
  .swagger-ui .opblock-tag { padding: 6px 0; font-size: 20px; }
  .swagger-ui .opblock { margin: 0 0 8px; }
  .swagger-ui .opblock .opblock-section-header { min-height: 40px; padding: 4px 20px; }
  .swagger-ui .opblock-description-wrapper, .swagger-ui .responses-inner { padding: 10px 20px; }
  .swagger-ui .opblock-description-wrapper p, .swagger-ui .renderedMarkdown p { margin: 0 0 6px; }
  .swagger-ui .table-container, .swagger-ui .opblock-section-request-body .opblock-description-wrapper { padding: 10px 20px; }
  .swagger-ui table.responses-table { margin: 0; padding: 0; }
  .swagger-ui .opblock-body .model-example { margin-top: 6px; }
  .swagger-ui .responses-table .response-col_links { display: none; }
  .swagger-ui .responses-table tbody tr td { padding: 8px 0 0; }
  .swagger-ui .highlight-code > .microlight { min-height: 0; }
  .swagger-ui .execute-wrapper:empty { padding: 0; }
`

/** What the page's policy lets be, beside files from here. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** All that the page is made of comes from here, and no other site may frame it. */
export const setPageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", hashOf(startScript)],
      styleSrc: ["'self'", hashOf(style)],
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
    <style>${style}</style>
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
