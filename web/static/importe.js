/** Uploading with a mouse: drop files, see what was chosen. Everything works without it, in the browser's own way. */

const BYTES = 1024 * 1024
const TROPFEN = 'dropzone'

document.addEventListener('change', ({ target }) => {
  if (target.matches?.('#feld-datei')) showGewaehlte(target.form)
})
for (const art of ['dragover', 'dragleave', 'drop']) document.addEventListener(art, (event) => drag(event))
document.addEventListener('submit', ({ target }) => {
  if (target.matches('#hochladen')) target.querySelector('[data-lage]').textContent = 'Wird hochgeladen …'
})
const formular = document.getElementById('hochladen')
if (formular) {
  formular.querySelector('[data-ziehen]').hidden = false
  showGewaehlte(formular)
}

function drag(event) {
  const ablage = event.target.closest?.('[data-ablage]')
  document.querySelector('[data-ablage]')?.classList.toggle(TROPFEN, event.type === 'dragover' && Boolean(ablage))
  if (!event.dataTransfer?.types.includes('Files')) return
  // A file that misses the place would otherwise be opened instead of the page.
  event.preventDefault()
  if (event.type !== 'drop' || !ablage) return
  const eingabe = ablage.querySelector('input[type=file]')
  eingabe.files = event.dataTransfer.files
  showGewaehlte(eingabe.form)
  eingabe.form.querySelector('[data-einlesen]').focus()
}

/** A word on each file at once: how large, or why it cannot be taken. */
function showGewaehlte(form) {
  const dateien = [...form.querySelector('input[type=file]').files]
  const liste = form.querySelector('[data-gewaehlte]')
  const knopf = form.querySelector('[data-einlesen]')
  let summe = 0
  liste.replaceChildren(
    ...dateien.map((datei, stelle) => {
      const passt = datei.size > 0 && summe + datei.size <= Number(form.dataset.hoechstens) && stelle < Number(form.dataset.dateien)
      if (passt) summe += datei.size
      const zeile = document.createElement('li')
      const name = Object.assign(document.createElement('span'), { textContent: datei.name })
      const wort = datei.size === 0 ? 'leer, wird nicht angenommen' : passt ? mb(datei.size) : `${mb(datei.size)}, zu groß: bitte teilen`
      const lage = Object.assign(document.createElement('small'), { textContent: wort, className: passt ? '' : 'fehler' })
      zeile.append(name, lage)
      return zeile
    }),
  )
  liste.hidden = dateien.length === 0
  knopf.textContent = dateien.length > 1 ? `${dateien.length} Dateien einlesen` : 'Einlesen'
}

function mb(bytes) {
  return `${(bytes / BYTES).toLocaleString('de-DE', { maximumFractionDigits: bytes < BYTES ? 2 : 1 })} MB`
}
