// Changes between light and dark, and keeps what the reader chose, as the theme would.
const { body, head } = document;
const buttons = [...document.querySelectorAll('.scheme')];
const bar = document.createElement('meta'); // the browser's own, on phones
bar.name = 'theme-color';
head.append(bar);

function colourBar() {
  bar.content = getComputedStyle(document.querySelector('.md-header')).backgroundColor;
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    body.dataset.mdColorSwitching = ''; // the theme fades nothing meanwhile
    body.dataset.mdColorScheme = button.value;
    globalThis.__md_set('__palette', { color: { scheme: button.value } });
    buttons.find(({ value }) => value !== button.value).focus(); // this one is gone
    colourBar();
    delete body.dataset.mdColorSwitching;
  });
}

addEventListener('load', () => requestAnimationFrame(colourBar)); // when all is styled
