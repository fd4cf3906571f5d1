/** Makes an element, with its properties and what is in it. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** Changes a text only where it differs, so that nothing flickers and a selection stays. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}
