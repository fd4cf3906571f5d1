/** The page with the form to log in; `problem` says why the last attempt failed. */
export function loginPage(problem = ''): string {
  return page(
    'Log in',
    `<form method="post" action="/login">
      <h1>ott-dispatcher</h1>
      <p>The board shows the queues. Log in to see them.</p>
      ${problem && `<p class="problem" role="alert">${escape(problem)}</p>`}
      <label>Name <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Log in</button>
    </form>`,
  )
}

/** The page with the form to log out: a link alone must not, since any page can have one. */
export function logoutPage(name: string): string {
  return page(
    'Log out',
    `<form method="post" action="/logout">
      <h1>ott-dispatcher</h1>
      <p>You are logged in as <b>${escape(name)}</b>.</p>
      <button>Log out</button>
      <p><a href="/">Back to the board</a></p>
    </form>`,
  )
}

function page(title: string, body: string): string {
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

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `
  :root { color-scheme: light dark; --ink: #1b2430; --faint: #5d6978; --ground: #f3f5f8; --sheet: #fff; --line: #cfd6df; --accent: #2457c5 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6eaf0; --faint: #98a3b3; --ground: #151a21; --sheet: #1d242e; --line: #36404d; --accent: #7aa2ff }
  }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
  form { width: min(22rem, 100%); display: grid; gap: 1rem; padding: 2rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem }
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
