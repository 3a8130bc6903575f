/** The print button appears where it works. */
for (const knopf of document.querySelectorAll('[data-drucken]')) {
  knopf.hidden = false
  knopf.addEventListener('click', () => window.print())
}

/** A long upload says that it runs. */
for (const knopf of document.querySelectorAll('button[data-warten]')) {
  knopf.form.addEventListener('submit', () => {
    const status = knopf.form.querySelector('[data-wartetext]')
    status.hidden = false
    status.textContent = knopf.dataset.warten
  })
}
