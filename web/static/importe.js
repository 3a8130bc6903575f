/** Uploading with a mouse: drop files, see what was chosen, watch how far it is. Everything works without it, in the browser's own way. */

const BYTES = 1024 * 1024
const TROPFEN = 'dropzone'

document.addEventListener('change', ({ target }) => {
  if (target.matches?.('#feld-datei')) showGewaehlte(target.form)
})
for (const art of ['dragover', 'dragleave', 'drop']) document.addEventListener(art, (event) => drag(event))
document.addEventListener('submit', (event) => {
  if (!event.target.matches('#hochladen')) return
  event.preventDefault()
  upload(event.target)
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

/** A word on each file at once: how large, or why it cannot be taken. Where none can, the browser sends nothing and says so. */
function showGewaehlte(form) {
  const eingabe = form.querySelector('input[type=file]')
  const dateien = [...eingabe.files]
  const liste = form.querySelector('[data-gewaehlte]')
  const knopf = form.querySelector('[data-einlesen]')
  let [summe, gute] = [0, 0]
  liste.replaceChildren(
    ...dateien.map((datei, stelle) => {
      const passt = datei.size > 0 && summe + datei.size <= Number(form.dataset.hoechstens) && stelle < Number(form.dataset.dateien)
      if (passt) {
        summe += datei.size
        gute++
      }
      const zeile = document.createElement('li')
      const name = Object.assign(document.createElement('span'), { textContent: datei.name })
      const wort = datei.size === 0 ? 'leer, wird nicht angenommen' : passt ? groesse(datei.size) : `${groesse(datei.size)}, zu groß: bitte teilen`
      const lage = Object.assign(document.createElement('small'), { textContent: wort, className: passt ? '' : 'fehler' })
      zeile.append(name, lage)
      return zeile
    }),
  )
  liste.hidden = dateien.length === 0
  knopf.textContent = dateien.length > 1 ? `${dateien.length} Dateien einlesen` : 'Einlesen'
  const keine = dateien.length > 0 && gute === 0
  eingabe.setCustomValidity(keine ? 'Keine der gewählten Dateien kann angenommen werden. Teilen Sie sie, oder wählen Sie andere.' : '')
}

/** The same request as the form's, told as it goes. The answer is where to look next, or the form again with its faults. */
function upload(form) {
  const [knopf, lage, balken] = ['[data-einlesen]', '[data-lage]', '[data-fortschritt]'].map((wo) => form.querySelector(wo))
  const anfrage = new XMLHttpRequest()
  anfrage.open('POST', form.action)
  anfrage.setRequestHeader('HX-Request', 'true')
  anfrage.setRequestHeader('HX-Request-Type', 'partial')
  anfrage.upload.addEventListener('progress', ({ loaded, total }) => {
    balken.value = total > 0 ? Math.floor((loaded / total) * 100) : 0
    lage.textContent = loaded < total ? `${groesse(loaded)} von ${groesse(total)} hochgeladen` : 'Wird abgelegt …'
  })
  anfrage.addEventListener('load', () => {
    const ziel = anfrage.getResponseHeader('HX-Redirect')
    if (ziel) location.assign(ziel)
    else if (anfrage.status === 422) replaceForm(form, anfrage.responseText)
    else gescheitert('Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.')
  })
  anfrage.addEventListener('error', () =>
    gescheitert('Die Verbindung ist unterbrochen. Es wurde nichts angenommen; bitte versuchen Sie es noch einmal.'),
  )
  const gescheitert = (text) => {
    balken.hidden = true
    knopf.disabled = false
    lage.textContent = text
  }
  balken.hidden = false
  lage.textContent = 'Wird hochgeladen …'
  anfrage.send(new FormData(form))
  knopf.disabled = true
}

function replaceForm(form, text) {
  const neu = new DOMParser().parseFromString(text, 'text/html').getElementById('hochladen')
  form.replaceWith(neu)
  neu.querySelector('[data-ziehen]').hidden = false
  neu.querySelector('.fehlerliste')?.focus()
}

function groesse(bytes) {
  if (bytes < BYTES) return `${Math.ceil(bytes / 1024).toLocaleString('de-DE')} KB`
  return `${(bytes / BYTES).toLocaleString('de-DE', { maximumFractionDigits: 1 })} MB`
}
