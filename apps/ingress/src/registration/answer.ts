import type { NetworkDefinition, Sender } from '@ott/delivery'

/** One page of a list, as it was asked for. */
export type PageRequest = { readonly page: number; readonly pageSize: number }

/** A sender as the API shows it: under the document's names, and without its secrets. */
export function toItem(sender: Sender, { senderAttributes, apiVersion }: NetworkDefinition) {
  const shown = senderAttributes.filter(({ kind }) => kind !== 'secret')
  return {
    ottPlatformName: sender.network,
    ottPlatformAttributes: {
      ...Object.fromEntries(shown.map(({ name }) => [name, sender.attributes[name]])),
      endpointUrl: sender.endpointUrl,
      isActive: sender.active,
      apiVersion: versionIn(sender.endpointUrl) ?? apiVersion,
    },
  }
}

/** A page of a network's senders, with links to its neighbours. `path` is where the list itself is. */
export function toList(path: string, { page, pageSize }: PageRequest, count: number, items: readonly unknown[]) {
  const link = (to: number) => ({
    href: `${path}?${new URLSearchParams({ $page: String(to), $pagesize: String(pageSize) }).toString()}`,
  })
  return {
    count,
    page,
    pageSize,
    links: {
      self: link(page),
      previous: page > 1 ? link(page - 1) : undefined,
      next: page * pageSize < count ? link(page + 1) : undefined,
    },
    items,
  }
}

function versionIn(endpointUrl: string): string | undefined {
  return URL.parse(endpointUrl)
    ?.pathname.split('/')
    .find((segment) => /^v\d+(\.\d+)?$/.test(segment))
}
