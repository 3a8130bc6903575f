/** What every page needs beyond htmx: messages that go, focus that stays, the key for search and help. No framework, nothing evaluated. */

const ANZEIGE_MS = 10_000
const meldung = document.getElementById('meldung')
const stoerung = document.getElementById('stoerung')

// ---- messages: shown for ten seconds, but not while somebody points at them or stands in them
const uhren = new Map()
function showFor(region) {
  clearTimeout(uhren.get(region))
  if (region.childNodes.length === 0) return
  uhren.set(
    region,
    setTimeout(() => (region.matches(':hover, :focus-within') ? showFor(region) : region.replaceChildren()), ANZEIGE_MS),
  )
}
for (const region of [meldung, stoerung]) {
  if (!region) continue
  new MutationObserver(() => showFor(region)).observe(region, { childList: true, characterData: true, subtree: true })
  showFor(region)
}

/** A line for the region that is read out at once; other scripts may call it. */
function tell(text) {
  if (!stoerung) return
  const zeile = document.createElement('p')
  zeile.textContent = text
  stoerung.replaceChildren(zeile)
}

// ---- network: what was typed stays where it is
document.addEventListener('htmx:error', ({ detail }) => {
  if (detail?.ctx?.response) return
  tell('Die Verbindung ist unterbrochen. Ihre Eingabe steht noch da: Versuchen Sie es gleich noch einmal.')
})
document.addEventListener('htmx:response:error', ({ detail }) => {
  // 5xx is not swapped in: the answer's own line is shown instead.
  if (detail?.ctx?.response?.status >= 500)
    tell(plainText(detail.ctx.text) || 'Das hat nicht geklappt. Versuchen Sie es noch einmal: Doppelt gespeichert wird nichts.')
})
function plainText(html) {
  return new DOMParser().parseFromString(html ?? '', 'text/html').querySelector('p')?.textContent ?? ''
}

// ---- focus: faults first; never on <body> after a swap
let vorher = null
document.addEventListener('htmx:before:swap', () => {
  const { activeElement } = document
  vorher = activeElement && activeElement !== document.body ? place(activeElement) : null
})
document.addEventListener('htmx:finally:swap', () => {
  const fehler = document.querySelector('.fehlerliste[data-fokus]')
  if (fehler) {
    fehler.removeAttribute('data-fokus')
    fehler.focus()
    return
  }
  if (document.activeElement !== document.body || !vorher) return
  const ziel = (vorher.id && document.getElementById(vorher.id)) || firstIn(vorher.nachbar) || document.querySelector('main h1, main')
  ziel?.setAttribute('tabindex', ziel.getAttribute('tabindex') ?? '-1')
  ziel?.focus()
})
document.querySelector('.fehlerliste[data-fokus]')?.focus()

/** Where the focus was: its id, and the row or block that follows in case its own goes away. */
function place(element) {
  const zeile = element.closest('tr, li, article, form')
  return { id: element.id, nachbar: zeile?.nextElementSibling ?? zeile?.previousElementSibling ?? null }
}
function firstIn(block) {
  return block?.isConnected ? block.querySelector('a[href], button, input, [tabindex]') : null
}

// ---- keys: single keys only outside fields, never with Ctrl or Alt (AltGr writes characters)
const tastenAn = document.documentElement.dataset.tasten !== 'aus'
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !tastenAn || isTyping(event.target)) return
  if (event.key === '/') {
    const feld = document.getElementById('suche')
    if (!feld) return
    event.preventDefault()
    feld.focus()
    feld.select()
  }
  if (event.key === '?') {
    event.preventDefault()
    openHilfe()
  }
})
function isTyping(element) {
  return (
    element instanceof HTMLElement && (element.isContentEditable || element.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
  )
}

/** The keys of this page: every element that names one (`aria-keyshortcuts`), once each. */
function openHilfe() {
  const tasten = new Map([['?', 'Diese Hilfe']])
  for (const element of document.querySelectorAll('[aria-keyshortcuts]')) {
    const text = element.getAttribute('aria-label') ?? element.dataset.taste ?? words(element)
    const taste = element.getAttribute('aria-keyshortcuts').replace('Control', 'Strg').replace('Shift', 'Umschalt').replace('Enter', '↵')
    if (text && !tasten.has(taste)) tasten.set(taste, text)
  }
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'tasten-titel')
  const titel = Object.assign(document.createElement('h2'), { id: 'tasten-titel', textContent: 'Tasten auf dieser Seite' })
  const liste = Object.assign(document.createElement('div'), { className: 'tasten' })
  for (const [taste, text] of tasten) {
    const kbd = Object.assign(document.createElement('kbd'), { textContent: taste })
    liste.append(kbd, Object.assign(document.createElement('span'), { textContent: text }))
  }
  const zu = Object.assign(document.createElement('button'), { textContent: 'Schließen', type: 'button', autofocus: true })
  zu.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  dialog.append(titel, liste, zu)
  document.body.append(dialog)
  dialog.showModal()
}

/** What stands on it without the key printed beside. */
function words(element) {
  const ohneTaste = element.cloneNode(true)
  for (const kbd of ohneTaste.querySelectorAll('kbd')) kbd.remove()
  return ohneTaste.textContent.trim()
}

// ---- forms: one press, one request, also without htmx; pressing "back" brings the buttons back
document.addEventListener('submit', ({ target, submitter }) => {
  if (!(target instanceof HTMLFormElement) || target.method !== 'post' || target.matches('[hx-post]')) return
  // After the browser has taken the button's own name and value.
  setTimeout(() => submitter?.setAttribute('disabled', ''))
})
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) for (const knopf of document.querySelectorAll('form button[disabled]')) knopf.removeAttribute('disabled')
})
// A choice that counts at once (appearance, filters) sends its form; without JavaScript its button does.
document.addEventListener('change', ({ target }) => {
  const form = target.closest?.('form[data-sofort]')
  if (form) form.requestSubmit()
})
// Showing a typed password is only possible with script: the button appears with it.
for (const knopf of document.querySelectorAll('[data-zeigt]')) {
  knopf.hidden = false
  knopf.setAttribute('aria-pressed', 'false')
  knopf.addEventListener('click', () => {
    const feld = document.getElementById(knopf.dataset.zeigt)
    const zeigen = feld.type === 'password'
    feld.type = zeigen ? 'text' : 'password'
    knopf.setAttribute('aria-pressed', String(zeigen))
  })
}

// ---- what was typed and is not saved (faelle.js) belongs to one person: gone with the logout, and where somebody else has logged in
const { person } = document.documentElement.dataset
if (person && sessionStorage.getItem('person') !== person) {
  sessionStorage.clear()
  sessionStorage.setItem('person', person)
}
document.addEventListener('submit', ({ target }) => {
  if (target.matches('form[action="/abmelden"]')) sessionStorage.clear()
})
