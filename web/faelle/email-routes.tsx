/** E-Mail from the Fall: filled in, checked against consent, sent by the worker (a mail row and its workflow), signal `contacted`. */
import { Hono } from 'hono'
import type { Fallakte } from '../../db/fallakte.ts'
import { contactFall } from '../../db/kontakte.ts'
import { readLang } from '../../domain/dokumentation.ts'
import { readEmail, readText } from '../../domain/eingabe.ts'
import type { Erlaubnis } from '../../domain/einwilligung.ts'
import { type Eingabe, type Gelesen, leser } from '../../domain/kunde.ts'
import { nameVoll } from '../format.ts'
import { pfade } from '../pfade.ts'
import type { Env, WebDeps } from '../umgebung.ts'
import { type Gezeigt, zeigeAkte, zeigeFehler } from './antwort.tsx'
import { Emailformular, Emailfuss } from './email-formular.tsx'
import type { Formularstand } from './formularteile.tsx'
import { danach, ohneEinwilligung } from './kontakt-routes.tsx'
import { FALL_ID, getAkte, klick, readEingabe } from './kontext.ts'
import { abgelehnt, nachAktion } from './nach-aktion.tsx'
import { type Schreiben, emailErlaubnis, getSchreiben, vorbelegt } from './schreiben.ts'

interface Brief {
  an: string
  betreff: string
  inhalt: string
  grund: string | null
}

export const emailRoutes = ({ config }: WebDeps) =>
  new Hono<Env>()
    .get(pfade.fallEmail(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      const schreiben = await getSchreiben(c, akte, c.req.query('vorlage'))
      const absender = { vermittler: nameVoll(c.var.person), betrieb: c.var.person.betrieb, heute: c.var.heute }
      return zeigeAkte(c, akte, formular(akte, { eingabe: vorbelegt(akte, schreiben, absender) }, schreiben))
    })
    .post(pfade.fallEmail(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      const eingabe = await readEingabe(c)
      const schreiben = await getSchreiben(c, akte, eingabe['vorlage'])
      const erlaubnis = emailErlaubnis(akte, schreiben.vorlage)
      const gelesen = readBrief(eingabe, erlaubnis)
      if (!gelesen.ok) return zeigeFehler(c, akte, formular(akte, { eingabe, fehler: gelesen.fehler, aktion: eingabe['aktion'] ?? '' }, schreiben))
      const { grund, ...mail } = gelesen.werte
      const auftrag = klick(c, akte.id, eingabe)
      const antwort = await contactFall(c.var.db, auftrag, {
        kanal: 'EMAIL',
        ergebnis: 'NACHRICHT_VERSANDT',
        notiz: [`„${mail.betreff}“`, schreiben.eltern && 'an die Eltern', grund && ohneEinwilligung(grund)].filter(Boolean).join('; '),
        einwilligung: erlaubnis.antwort === 'ERLAUBT' ? erlaubnis.einwilligung : null,
        mail,
      })
      if (!antwort.ok) return abgelehnt(c, { vorher: akte, auftrag, antwort, eingabe, zeige: (a, stand) => formular(a, stand, schreiben) })
      return nachAktion(c, {
        vorher: akte,
        text: config.mailSending
          ? 'E-Mail wird gesendet. Ob sie hinausging, steht im Verlauf.'
          : 'E-Mail abgelegt, nicht gesendet: Der Versand ist hier nicht eingerichtet.',
        zeige: (nachher) => danach(c, nachher, 'NACHRICHT_VERSANDT'),
        fokusAuf: '#akte .formular form h2',
        ziel: pfade.fall(akte.id),
      })
    })

/** Address and subject are mandatory; a text with an unfilled placeholder does not go out. */
function readBrief(eingabe: Eingabe, erlaubnis: Erlaubnis): Gelesen<Brief> {
  const { lies, fehler, text } = leser(eingabe)
  if (erlaubnis.antwort === 'GESPERRT') return { ok: false, fehler: { '': erlaubnis.warum } }
  const an = lies('an', readEmail(text('an')))
  if (!an) fehler['an'] ??= 'Die Adresse fehlt. Richtig ist zum Beispiel name@beispiel.de.'
  const betreff = lies('betreff', readText(text('betreff'), 150))
  if (!betreff) fehler['betreff'] ??= 'Der Betreff fehlt.'
  const inhalt = readLang('inhalt', text('inhalt'), fehler)
  if (!inhalt) fehler['inhalt'] ??= 'Der Text fehlt.'
  const platzhalter = /\{\w+\}/.exec(`${betreff} ${inhalt}`)
  if (platzhalter) fehler['inhalt'] ??= `Der Platzhalter ${platzhalter[0]} ist nicht ausgefüllt. Bitte ersetzen Sie ihn.`
  const grund = lies('grund', readText(text('grund'), 200))
  if (erlaubnis.antwort === 'NUR_MIT_GRUND' && !grund)
    fehler['grund'] ??= 'Ohne Einwilligung braucht diese E-Mail einen Grund, zum Beispiel „hat am Telefon darum gebeten“.'
  if (!an || !betreff || !inhalt || Object.keys(fehler).length > 0) return { ok: false, fehler }
  return { ok: true, werte: { an, betreff, inhalt, grund: erlaubnis.antwort === 'NUR_MIT_GRUND' ? grund : null } }
}

function formular(akte: Fallakte, stand: Formularstand, schreiben: Schreiben): Gezeigt {
  return {
    art: 'email',
    formular: <Emailformular {...{ akte, stand, schreiben }} />,
    fuss: <Emailfuss erlaubnis={emailErlaubnis(akte, schreiben.vorlage)} />,
  }
}
