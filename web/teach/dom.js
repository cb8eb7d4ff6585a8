// Small helpers for what is made without the page's program.

/** An element: its properties and attributes (`class`, `on…` and the like), what is in it. */
export function el(tag, given = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...inside.flat().filter((one) => one !== undefined && one !== null));
  return element;
}

/** A dialog over the page, with a heading and a button that closes it; the focus goes back by itself. */
export function dialog(title, close, ...inside) {
  const shut = el('button', { type: 'button', class: 'notice__close', autofocus: true, 'aria-label': close, onclick: () => sheet.close() }, '×');
  const sheet = el('dialog', { class: 'details teach', 'aria-label': title },
    el('div', { class: 'details__sheet' }, el('h2', {}, title), el('div', { class: 'teach__body', tabindex: '0' }, ...inside), shut));
  sheet.addEventListener('click', (event) => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener('close', () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
  return sheet;
}
