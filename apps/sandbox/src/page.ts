import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

import type { Answer, Handler } from './call.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/** They lie beside the compiled program's folder, and are read once. */
const folder = new URL('../public/', import.meta.url)

/** The messages' own pictures and sounds may come from anywhere; scripts and styles from here alone. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' http: https:",
  'media-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page that shows the chats. */
export function createPage(): Handler {
  const pages = new Map(readdirSync(folder).map((file) => [file === 'index.html' ? '/' : `/${file}`, toAnswer(file)]))
  const notFound = { status: 404, body: { message: 'Here are /, /line, /messenger, /sandbox and /health.' } }

  return ({ method, path }) => {
    const page = pages.get(path)
    if (page === undefined) return notFound
    if (method === 'GET' || method === 'HEAD') return page
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: { message: 'Here are only GET and HEAD.' } }
  }
}

function toAnswer(file: string): Answer {
  return {
    status: 200,
    headers: {
      'content-type': `${types[extname(file)] ?? 'text/plain'}; charset=utf-8`,
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: readFileSync(new URL(file, folder), 'utf8'),
  }
}
