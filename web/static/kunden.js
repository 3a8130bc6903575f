/** The print button appears where it works. */
for (const knopf of document.querySelectorAll('[data-drucken]')) {
  knopf.hidden = false
  knopf.addEventListener('click', () => window.print())
}
