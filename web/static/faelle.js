/** The desk: moving through rows, one key for each action, the floating menu, and where the focus goes. Paths as in web/pfade.ts. */
;(() => {
  const tastenAn = document.documentElement.dataset.tasten !== 'aus'
  const akte = () => document.getElementById('akte')
  const menue = document.getElementById('menue')
  const nimm = (selektor, in_ = document) => in_.querySelector(selektor)

  // ---- rows
  const sichtbar = (element) => element.checkVisibility()
  const zeilen = () => [...document.querySelectorAll('tr[data-fall], tr[data-vorgang], tr[data-pfad]')].filter(sichtbar)
  const zeileImFokus = () => document.activeElement?.closest('tr[data-fall], tr[data-vorgang], tr[data-pfad]') ?? null

  /** The Fall a key means: the row with the focus, else the one that is open. */
  function gemeint() {
    const zeile = zeileImFokus()
    if (zeile) return zeile.dataset.fall ? zeile.dataset : null
    return nimm('#akte [data-fall]')?.dataset ?? null
  }

  function move(schritt) {
    const alle = zeilen()
    if (alle.length === 0) return
    const offen = nimm('tr.gewaehlt')
    const hier = alle.indexOf(zeileImFokus() ?? offen)
    const ziel = alle[Math.min(Math.max(hier + schritt, 0), alle.length - 1)]
    nimm('a.name, button', ziel)?.focus()
  }

  function openPanel(pfad) {
    if (akte()) globalThis.htmx.ajax('GET', pfad, { target: '#akte', swap: 'innerHTML' })
    else location.href = pfad
  }

  // ---- single keys: outside fields, never with Ctrl or Alt (AltGr writes characters)
  const TASTEN = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    o: ({ kunde }) => (location.href = `/kunden/${kunde}`),
    s: ({ kunde }) => (location.href = `/kunden/${kunde}/vertragsspiegel`),
    v: ({ fall }) => openPanel(`/faelle/${fall}/wiedervorlage`),
    m: ({ fall }) => openPanel(`/faelle/${fall}/email`),
    t: ({ fall }) => openPanel(`/faelle/${fall}/kontakt?kanal=TELEFON`),
    d: ({ fall }) => openPanel(`/faelle/${fall}/dokumentation`),
    w: ({ fall }) => {
      const vermittler = Number(new URLSearchParams(location.search).get('vermittler'))
      location.href = `/faelle/${fall}/wizard${vermittler ? `?vermittler=${vermittler}` : ''}`
    },
    n: () => openNext(),
    z: () => (nimm('#meldung .ruecknahme button') ?? nimm('#akte .ruecknahme button') ?? nimm('#zeilen-ERLEDIGT .ruecknahme button'))?.click(),
  }
  const OHNE_FALL = ['j', 'k', 'ArrowDown', 'ArrowUp', 'n', 'z']

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return saveAndGoOn(event)
    if (event.key === 'F10' && event.shiftKey) return openMenuOfRow(event, zeileImFokus())
    if (!tastenAn || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || menue?.matches(':popover-open')) return
    if (event.key.startsWith('Arrow') && event.target.matches('input, [role=menuitem], summary')) return
    const tat = TASTEN[event.key]
    if (!tat) return
    const fall = gemeint()
    if (fall || OHNE_FALL.includes(event.key)) {
      event.preventDefault()
      return tat(fall ?? {})
    }
    // A page without rows (Wizard): the element that names the key.
    const element = [...document.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`)].find(sichtbar)
    if (!element) return
    event.preventDefault()
    element.click()
  })

  function isTyping(element) {
    return (
      element instanceof HTMLElement && (element.isContentEditable || element.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
    )
  }

  function openNext() {
    const knopf = [...document.querySelectorAll('a[aria-keyshortcuts="n"]')].find(sichtbar)
    if (knopf) return knopf.click()
    const pfad = nimm('[data-naechster]')?.dataset.naechster
    const fall = gemeint()?.fall
    if (pfad) location.href = `${pfad}${fall ? `${pfad.includes('?') ? '&' : '?'}nach=${fall}` : ''}`
  }

  function saveAndGoOn(event) {
    const form = event.target.closest?.('form') ?? nimm('#dokumentation')
    if (!form || form.method !== 'post') return
    event.preventDefault()
    const knoepfe = [...form.elements].filter((element) => element.matches('button'))
    form.requestSubmit(knoepfe.find((knopf) => 'strgEnter' in knopf.dataset) ?? knoepfe.find((knopf) => knopf.matches('.haupt')))
  }

  // ---- mouse: double click documents, right click opens the menu, a click beside the link selects
  document.addEventListener(
    'click',
    (event) => {
      if (event.detail > 1 && event.target.closest('tr[data-fall] a.name')) {
        event.preventDefault()
        event.stopPropagation()
      }
    },
    true,
  )
  document.addEventListener('click', (event) => {
    const zeile = event.target.closest('tr[data-fall]')
    if (zeile && !event.target.closest('a, button, form')) nimm('a.name', zeile)?.focus()
  })
  document.addEventListener('dblclick', (event) => {
    const zeile = event.target.closest('tr[data-fall]:not(.erledigt)')
    if (!zeile || event.target.closest('button')) return
    getSelection()?.removeAllRanges()
    openPanel(`/faelle/${zeile.dataset.fall}/dokumentation`)
  })
  document.addEventListener('contextmenu', (event) => {
    if (!event.ctrlKey) openMenuOfRow(event, event.target.closest('tr[data-fall]'))
  })

  function openMenuOfRow(event, zeile) {
    const knopf = zeile && nimm('button.striche', zeile)
    if (!knopf || !menue) return
    event.preventDefault()
    knopf.click()
  }

  // ---- the menu: loaded into the one popover, moved in with the arrow keys
  let ausloeser = null
  const eintraege = () => [...menue.querySelectorAll('[role=menuitem]')]

  document.addEventListener('htmx:before:request', ({ detail, target }) => {
    const quelle = detail?.ctx?.sourceElement ?? target
    if (quelle?.matches?.('button.striche')) ausloeser = quelle
  })
  document.addEventListener('htmx:after:swap', ({ detail }) => {
    markOpenRow()
    restoreDrafts()
    if (detail?.ctx?.target !== menue || !menue || !ausloeser) return
    menue.showPopover({ source: ausloeser })
    if (!CSS.supports('position-area', 'bottom')) placeBelow(ausloeser)
    ausloeser.setAttribute('aria-expanded', 'true')
    eintraege()[0]?.focus()
  })
  menue?.addEventListener('keydown', (event) => {
    const alle = eintraege()
    const hier = alle.indexOf(document.activeElement)
    const ziele = { ArrowDown: hier + 1, ArrowUp: hier - 1, Home: 0, End: alle.length - 1 }
    if (event.key in ziele) {
      event.preventDefault()
      alle[(ziele[event.key] + alle.length) % alle.length]?.focus()
      return
    }
    if (event.key === 'Tab') menue.hidePopover()
    const mitTaste = alle.find((eintrag) => nimm('kbd', eintrag)?.textContent === event.key)
    if (mitTaste && tastenAn && !event.ctrlKey && !event.altKey) {
      event.preventDefault()
      mitTaste.click()
    }
  })
  menue?.addEventListener('click', ({ target }) => {
    if (target.closest('a[role=menuitem]')) menue.hidePopover()
  })
  menue?.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'closed' || !ausloeser) return
    ausloeser.setAttribute('aria-expanded', 'false')
    if (document.activeElement === document.body || menue.contains(document.activeElement)) ausloeser.focus()
  })
  function placeBelow(knopf) {
    if (innerWidth <= 720) return
    const { bottom, right, top } = knopf.getBoundingClientRect()
    const hoch = menue.offsetHeight
    menue.style.left = `${Math.max(8, right - menue.offsetWidth)}px`
    menue.style.top = `${bottom + hoch > innerHeight ? Math.max(8, top - hoch) : bottom}px`
  }

  // ---- what was typed and is not saved: kept in this tab until the Fall has taken it, or the person does not want it any more
  const FORMULAR = 'form.doku[method=post]'
  /** One for each Fall and form: its path, and what it is about (way of contact, template); nothing that was typed. */
  function draftKey(form) {
    const art = [...form.querySelectorAll('input[type=hidden]:not([name=aktion], [name=gesehen])')].map((feld) => feld.value)
    return ['entwurf', form.getAttribute('action'), ...art].join(' ')
  }
  const readDraft = (form) => JSON.parse(sessionStorage.getItem(draftKey(form)) ?? '{}')
  const dropDraft = (form) => sessionStorage.removeItem(draftKey(form))

  document.addEventListener('input', ({ target }) => {
    const form = target.closest(FORMULAR)
    if (form && target.name)
      sessionStorage.setItem(draftKey(form), JSON.stringify({ ...readDraft(form), [target.name]: form.elements.namedItem(target.name).value }))
  })
  /** A form with faults brings along what was typed. */
  function restoreDrafts() {
    for (const form of document.querySelectorAll(FORMULAR)) {
      const felder = nimm('.fehlerliste', form) ? [] : Object.entries(readDraft(form))
      if (felder.filter(([name, wert]) => restoreField(form.elements.namedItem(name), wert)).length === 0) continue
      for (const details of form.querySelectorAll('details:has(:checked)')) details.open = true
      nimm('h2', form).after(draftNote(form))
    }
  }
  function restoreField(feld, wert) {
    if (!feld || feld.value === wert) return false
    feld.value = wert
    return feld.value === wert
  }
  function draftNote(form) {
    const zeile = Object.assign(document.createElement('p'), {
      className: 'entwurf',
      textContent: 'Ihre Eingaben von vorhin stehen wieder im Formular.',
    })
    const weg = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Verwerfen' })
    weg.addEventListener('click', () => {
      dropDraft(form)
      form.reset()
      zeile.remove()
      nimm('h2', form).focus()
    })
    zeile.append(weg)
    return zeile
  }
  document.addEventListener('htmx:after:request', ({ detail }) => {
    const { sourceElement, response } = detail.ctx
    if (sourceElement.matches(FORMULAR) && response?.status < 300) dropDraft(sourceElement)
  })
  // The Wizard sends its form without htmx: the page that follows says whether it was taken.
  document.addEventListener('submit', ({ target }) => {
    if (target.matches(FORMULAR) && !target.matches('[hx-post]')) sessionStorage.setItem('gesendet', draftKey(target))
  })
  if (nimm('#meldung')?.textContent.startsWith('Dokumentiert')) sessionStorage.removeItem(sessionStorage.getItem('gesendet'))
  sessionStorage.removeItem('gesendet')
  restoreDrafts()

  // ---- the open row, and where the focus goes after an answer
  function markOpenRow() {
    const offen = nimm('#akte [data-fall]')?.dataset.fall
    for (const zeile of document.querySelectorAll('tr[data-fall]')) {
      zeile.classList.toggle('gewaehlt', zeile.dataset.fall === offen)
      const name = nimm('a.name', zeile)
      if (zeile.dataset.fall === offen) name?.setAttribute('aria-current', 'true')
      else name?.removeAttribute('aria-current')
    }
  }
  // The row after the open one (after the last: the first), before an answer moves them: where "the next row" then means.
  document.addEventListener('htmx:before:swap', () => {
    const zeile = document.getElementById(`fall-${nimm('#akte [data-fall]')?.dataset.fall}`)
    const folgt = zeile?.nextElementSibling ?? zeile?.parentElement.firstElementChild
    nimm('tr.folgt')?.classList.remove('folgt')
    if (folgt && folgt !== zeile) folgt.classList.add('folgt')
  })
  document.addEventListener('faelle:fokus', ({ detail }) => {
    if (!detail?.ziel) return
    const element =
      detail.ziel
        .split(', ')
        .flatMap((ziel) => [...document.querySelectorAll(ziel)])
        .find(sichtbar) ??
      nimm('#akte-titel') ??
      nimm('main h1')
    if (element && !element.matches('a, button, input, [tabindex]')) element.setAttribute('tabindex', '-1')
    if (element) focusOn(element)
  })
  /** Where the panel scrolls by itself, the list behind it stays where it is, and a form begins at the panel's top. */
  function focusOn(element) {
    const rollt = element.closest('.rollt')
    const selbst = rollt !== null && getComputedStyle(rollt).overflowY !== 'visible'
    element.focus({ preventScroll: selbst })
    if (!selbst) return
    const oben = (element.closest('.formular') ?? rollt.firstElementChild).getBoundingClientRect().top
    rollt.scrollTop += oben - rollt.getBoundingClientRect().top
  }
})()
