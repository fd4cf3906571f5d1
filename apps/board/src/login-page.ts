import { escape, page } from './page.ts'

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
      <p><a href="/operations">Back to the board</a></p>
    </form>`,
  )
}
