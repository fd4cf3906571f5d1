import { glob, readFile, stat } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'

import { repository } from '@ott/local'
import GithubSlugger from 'github-slugger'

const places = ['*.md', 'docs/**/*.md', '{apps,packages,infra}/**/README.md']
const isNotOurs = (name: string) => name === 'node_modules' || name === 'dist'

/** The project's documents, from the repository's root. */
export async function documents(): Promise<string[]> {
  const found = new Set<string>()
  for await (const file of glob(places, { cwd: repository, exclude: isNotOurs })) found.add(file)
  return [...found].toSorted()
}

/** The links of a document that lead nowhere: to a file that is not there, or to a heading that its document does not have. */
export async function brokenLinks(document: string): Promise<string[]> {
  const broken: string[] = []
  for (const link of linksOf(await textOf(document))) {
    if (!(await leadsSomewhere(document, link))) broken.push(`${document}: ${link}`)
  }
  return broken
}

/** To other sites only what cannot be a URL is found. */
async function leadsSomewhere(document: string, link: string): Promise<boolean> {
  if (/^(https?|mailto):/.test(link)) return URL.canParse(link)
  const [path = '', heading] = link.split('#', 2)
  const target = path === '' ? document : normalize(join(dirname(document), decodeURI(path)))
  if (relative(repository, join(repository, target)).startsWith('..')) return false
  const isThere = await stat(join(repository, target)).then(
    () => true,
    () => false,
  )
  if (!isThere || heading === undefined || !target.endsWith('.md')) return isThere
  return headingsOf(await textOf(target)).has(heading)
}

/** Without code, in which brackets mean something else. */
async function textOf(document: string): Promise<string> {
  const text = await readFile(join(repository, document), 'utf8')
  return text.replaceAll(/^(```|~~~)[^]*?^\1/gm, '')
}

function linksOf(text: string): string[] {
  const prose = text.replaceAll(/`[^`\n]*`/g, '')
  const inline = prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)
  const defined = prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)
  const html = prose.matchAll(/(?:src|href)="([^"]+)"/g)
  return [...inline, ...defined, ...html].map(([, link = '']) => link)
}

/** As GitHub names headings. */
function headingsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger()
  const headings = text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)
  return new Set([...headings].map(([, heading = '']) => slugger.slug(heading.replaceAll(/[`*]|\]\([^)]*\)|\[/g, ''))))
}
