import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from '@ott/local'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

/** Where Kubernetes' files are. */
export const manifestFolder = join(repository, 'infra/kubernetes')

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})

/** A Kubernetes object, whatever its kind. */
export type Manifest = z.output<typeof Manifest>

const Image = z.object({ name: z.string(), newTag: z.string() })

/** Which tag of an image a kustomization has taken. */
export type Image = z.output<typeof Image>

const Kustomization = z.object({
  resources: z.array(z.string()),
  images: z.array(Image).default([]),
})

/** The kustomization.yaml of a folder of infra/kubernetes, `.` for itself. */
export async function readKustomization(folder: string): Promise<z.output<typeof Kustomization>> {
  return Kustomization.parse(parse(await readFile(join(manifestFolder, folder, 'kustomization.yaml'), 'utf8')))
}

/** All objects of a folder, as `kubectl kustomize` makes them of its files, but for namespace and tags of images. */
export async function readManifests(folder: string): Promise<Manifest[]> {
  const { resources } = await readKustomization(folder)
  const texts = resources.map((file) => readFile(join(manifestFolder, folder, file), 'utf8'))
  const [program] = parseManifests(await readFile(join(manifestFolder, 'program.yaml'), 'utf8'))
  return (await Promise.all(texts))
    .flatMap(parseManifests)
    .map((manifest) =>
      Manifest.parse(manifest.kind === 'Deployment' ? lay({ spec: program?.['spec'] }, manifest) : manifest),
    )
}

/** The objects in a text, separated by `---`. */
export function parseManifests(text: string): Manifest[] {
  const documents = parseAllDocuments(text, { merge: true })
  return z.array(Manifest).parse(documents.map((document): unknown => document.toJS()))
}

const Named = z.array(z.looseObject({ name: z.string() })).min(1)

/** A strategic merge, as far as we use it: maps are merged, lists of what has a name by that name, all else is the patch's. */
function lay(patch: unknown, base: unknown): unknown {
  const [named, patches] = [Named.safeParse(base), Named.safeParse(patch)]
  if (named.success && patches.success)
    return named.data.map((each) => lay(patches.data.find(({ name }) => name === each.name) ?? {}, each))
  if (!isMap(patch) || !isMap(base)) return patch
  const laid = Object.entries(patch).map(([key, value]) => [key, key in base ? lay(value, base[key]) : value])
  return { ...base, ...Object.fromEntries(laid) }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
