import type { Request, Response } from 'express'

import { escape, page } from './page.ts'

/** Tells why there is not what was asked for: a browser on a page, a program in JSON. */
export function answerNotice(request: Request, response: Response, status: number, message: string): void {
  response.status(status).set('cache-control', 'no-store')
  if (request.accepts(['json', 'html']) === 'html') response.type('html').send(noticePage(message))
  else response.json({ message })
}

function noticePage(message: string): string {
  return page(
    'Not here',
    `<main>
      <h1>ott-dispatcher</h1>
      <p role="status">${escape(message)}</p>
      <p><a href="/operations">Operations</a> · <a href="/">Queues</a></p>
    </main>`,
  )
}
