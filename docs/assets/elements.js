/** An element with these properties and children. */
export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Load one of the site's classic scripts, once; a failure may be tried again. */
export function script(url) {
  return (script.loaded[url] ??= new Promise((resolve, reject) => {
    const tag = make("script", { src: url, onload: resolve });
    tag.onerror = () => { delete script.loaded[url]; tag.remove(); reject(new Error(`${url} could not be loaded`)); };
    document.head.append(tag);
  }));
}
script.loaded = {};
