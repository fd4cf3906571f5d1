/** A page of its own, without a script. `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <link rel="icon" href="data:,">
    <title>${title} · ott-dispatcher</title>
    <style>${style}</style>
  </head>
  <body>
    ${body}
  </body>
</html>
`
}

/** Any text, as it stands in HTML. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `
  :root { color-scheme: light dark; --ink: #1b2430; --faint: #5d6978; --ground: #f3f5f8; --sheet: #fff; --line: #cfd6df; --accent: #2457c5 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6eaf0; --faint: #98a3b3; --ground: #151a21; --sheet: #1d242e; --line: #36404d; --accent: #7aa2ff }
  }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
  form, main { width: min(22rem, 100%); display: grid; gap: 1rem; padding: 2rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem }
  h1, p { margin: 0 }
  h1 { font-size: 1.25rem }
  p { color: var(--faint) }
  label { display: grid; gap: .25rem }
  input, button { font: inherit; padding: .6rem .75rem; border-radius: .4rem; border: 1px solid var(--line); background: transparent; color: inherit }
  button { border: 0; background: var(--accent); color: var(--sheet); font-weight: 600; cursor: pointer }
  a { color: var(--accent) }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
  .problem { color: light-dark(#b3261e, #ff8a80) }
`
