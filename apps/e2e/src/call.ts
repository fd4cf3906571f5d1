/** What an HTTP call was answered. `body` is the parsed JSON, `undefined` where there is none. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

/** Makes one HTTP call, with a JSON body, an access token and further headers where they are given. */
export async function call(
  method: string,
  url: string,
  body?: unknown,
  token?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: json }
}
