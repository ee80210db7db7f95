/** Small helpers for the document. Text is always set as text, never as HTML. */

export const byId = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) {
      node[name] = value;
    } else {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

/** Sets the text if it differs: an equal text must not cause a layout. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
