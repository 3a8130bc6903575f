import { expect, test } from 'vitest'
import { readDokumentation } from './dokumentation.ts'
import { ergebnisseFuer, MIT_BERATUNG } from './ergebnisse.ts'
import { briefanrede } from './anrede.ts'
import { darfKontakt } from './einwilligung.ts'

const lies = (felder: Record<string, string>, offeneVorgaenge = 0, gevo = 'G01') => readDokumentation(felder, { gevo, offeneVorgaenge })

test('without a result nothing is documented', () =>
  expect(lies({ kanal: 'TELEFON' })).toMatchObject({ ok: false, fehler: { ergebnis: expect.stringContaining('fehlt') } }))

test('where advice was given Rat, Gründe and Entscheidung are due, else they are not kept', () => {
  for (const ergebnis of ergebnisseFuer('G01')) {
    const gelesen = lies({ kanal: 'TELEFON', ergebnis, anlass: 'stand im Feld' })
    if (MIT_BERATUNG.includes(ergebnis)) expect(Object.keys(gelesen.ok ? {} : gelesen.fehler)).toEqual(['rat', 'gruende', 'entscheidung'])
    else expect(gelesen).toMatchObject({ ok: true, werte: { anlass: null, vorgaenge: 'BLEIBEN' } })
  }
})

test('the way is due where somebody was spoken or written to', () => {
  expect(lies({ ergebnis: 'HINWEIS_GEGEBEN' })).toMatchObject({ fehler: { kanal: expect.stringContaining('Weg') } })
  expect(lies({ ergebnis: 'FEHLBEFUND' })).toMatchObject({ ok: true })
})

test('open Vorgänge must be answered; a Vorgang by hand ends with its documentation', () => {
  expect(lies({ kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN' }, 1)).toMatchObject({ fehler: { vorgaenge: expect.any(String) } })
  expect(lies({ ergebnis: 'ERLEDIGT' }, 1, 'VORGANG')).toMatchObject({ ok: true, werte: { vorgaenge: 'ERLEDIGT' } })
  expect(lies({ ergebnis: 'ERLEDIGT' })).toMatchObject({ ok: false })
})

test('letters begin as they should', () => {
  const wer = { art: 'NATUERLICH', anrede: 'FRAU', titel: 'Prof. Dr.', vorname: 'Anna', name: 'Weber' } as const
  expect(briefanrede(wer)).toBe('Sehr geehrte Frau Professor Weber')
  expect(briefanrede({ ...wer, anrede: 'HERR', titel: 'Dr. med.' })).toBe('Sehr geehrter Herr Dr. Weber')
  expect(briefanrede({ ...wer, anrede: null, titel: 'Dipl.-Ing.' })).toBe('Guten Tag Anna Weber')
  expect(briefanrede({ ...wer, art: 'FIRMA' })).toBe('Sehr geehrte Damen und Herren')
})

test('advertising needs consent or a reason, never goes against an objection, and post needs none', () => {
  const lage = { klasse: 'W', kanal: 'EMAIL', einwilligungen: [], werbewiderspruchAm: null } as const
  expect(darfKontakt(lage).antwort).toBe('NUR_MIT_GRUND')
  expect(darfKontakt({ ...lage, einwilligungen: [{ id: 7, kanal: 'EMAIL' }] })).toEqual({ antwort: 'ERLAUBT', einwilligung: 7 })
  expect(darfKontakt({ ...lage, kanal: 'BRIEF' }).antwort).toBe('ERLAUBT')
  expect(darfKontakt({ ...lage, kanal: 'BRIEF', werbewiderspruchAm: '2026-01-01' }).antwort).toBe('GESPERRT')
  expect(darfKontakt({ ...lage, klasse: 'V', werbewiderspruchAm: '2026-01-01' }).antwort).toBe('ERLAUBT')
})
