/** A metric as Prometheus is told of it: `samples` are the names under which its values come, `labels` without `le`. */
export type Exposed = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
  /** Which programs tell it. */
  readonly programs: ReadonlySet<string>
}

/** Reads what programs answer at `/metrics`, https://prometheus.io/docs/instrumenting/exposition_formats/: each metric once. */
export function readExposition(texts: readonly string[]): readonly Exposed[] {
  const families = texts.flatMap((text) => text.split('\n\n').flatMap(readFamily))
  const byName = Map.groupBy(families, ({ name }) => name)
  return [...byName.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.reduce(merge, first)],
  )
}

const aLabel = /(\w+)="((?:[^"\\]|\\.)*)"/g

function readFamily(text: string): Exposed[] {
  const [, name, help = ''] = /^# HELP (\S+) (.*)$/m.exec(text) ?? []
  const type = /^# TYPE \S+ (\w+)$/m.exec(text)?.[1]
  if (name === undefined || type === undefined) return []
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const labelled = lines.flatMap((line) =>
    [...line.matchAll(aLabel)].map(([, label = '', value = '']) => [label, value]),
  )
  const labels = labelled.map(([label = '']) => label).filter((label) => label !== 'le' && label !== 'program')
  return [
    {
      name,
      type,
      help,
      samples: new Set(lines.map((line) => line.split(/[{ ]/, 1)[0] ?? '')),
      labels: new Set(labels),
      programs: new Set(labelled.flatMap(([label, value = '']) => (label === 'program' ? [value] : []))),
    },
  ]
}

/** The value of the sample of this name that has these labels, whatever others; `undefined` where there is none. */
export function valueIn(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && wanted.every((part) => each.includes(part)))
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')))
}

function merge(one: Exposed, other: Exposed): Exposed {
  return {
    ...one,
    samples: new Set([...one.samples, ...other.samples]),
    labels: new Set([...one.labels, ...other.labels]),
    programs: new Set([...one.programs, ...other.programs]),
  }
}
