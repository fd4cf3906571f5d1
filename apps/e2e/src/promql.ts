import { parser } from '@prometheus-io/lezer-promql'

/** What a query refers to. */
export type Query = { readonly metrics: ReadonlySet<string>; readonly labels: ReadonlySet<string> }

/** Reads a query with Prometheus's own grammar. Throws where it is none; Grafana's variable for a range stands for five minutes. */
export function readQuery(text: string): Query {
  const promql = text.replaceAll('$__rate_interval', '5m')
  const metrics = new Set<string>()
  const labels = new Set<string>()
  parser.parse(promql).iterate({
    enter: ({ type, from, to }) => {
      const word = promql.slice(from, to)
      if (type.isError) throw new Error(`no PromQL, from its character ${from} on: ${promql}`)
      if (type.name === 'Identifier') metrics.add(word)
      if (type.name === 'LabelName') labels.add(word)
    },
  })
  return { metrics, labels }
}
