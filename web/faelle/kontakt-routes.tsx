/** Contact without closing: call, letter, talk (signal `contacted`). After a call nobody answered the next step is offered at once. */
import { type Context, Hono } from 'hono'
import type { Fallakte } from '../../db/fallakte.ts'
import { contactFall } from '../../db/kontakte.ts'
import { readLang } from '../../domain/dokumentation.ts'
import { readText, readWahl } from '../../domain/eingabe.ts'
import { KANAELE, ZWISCHENERGEBNISSE, type Zwischenergebnis } from '../../domain/ergebnisse.ts'
import { plusTage } from '../../domain/kalender.ts'
import { leser } from '../../domain/kunde.ts'
import { naechsterWerktag, vorschlaege } from '../../domain/wiedervorlage.ts'
import { pfade } from '../pfade.ts'
import type { Env, WebDeps } from '../umgebung.ts'
import { type Gezeigt, zeigeAkte, zeigeFehler } from './antwort.tsx'
import type { Formularstand } from './formularteile.tsx'
import { KONTAKTERGEBNISSE, KONTAKTWEGE, Kontaktformular, Kontaktfuss, type Kontaktweg, kontaktErlaubnis } from './kontakt-formular.tsx'
import { FALL_ID, getAkte, klick, readEingabe } from './kontext.ts'
import { abgelehnt, nachAktion } from './nach-aktion.tsx'
import { Wiedervorlageformular, Wiedervorlagefuss } from './wiedervorlage-formular.tsx'

/** After so many calls in vain a letter or a pause of 90 days is offered. */
const VERSUCHE = 3
const PAUSE_TAGE = 90
/** What a reminder is proposed for. */
const SCHRITTE: Record<Exclude<Zwischenergebnis, 'NICHT_ERREICHT'>, string> = {
  RUECKRUF_ERBETEN: 'Zurückrufen',
  TERMIN_VEREINBART: 'Termin',
  ANGEBOT_VERSANDT: 'Zum Angebot nachfassen',
  NACHRICHT_VERSANDT: 'Nachfassen',
  GESPROCHEN: 'Nachfassen',
}

export const kontaktRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.fallKontakt(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      return zeigeAkte(c, akte, formular(akte, {}, readWeg(c.req.query('kanal'))))
    })
    .post(pfade.fallKontakt(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      const eingabe = await readEingabe(c)
      const weg = readWeg(eingabe['kanal'])
      const { lies, fehler, text } = leser(eingabe)
      const ergebnis = lies('ergebnis', readWahl(text('ergebnis'), KONTAKTERGEBNISSE[weg]))
      if (!ergebnis) fehler['ergebnis'] ??= 'Das Ergebnis fehlt. Bitte wählen Sie eines aus.'
      const notiz = readLang('notiz', text('notiz'), fehler)
      const erlaubnis = kontaktErlaubnis(akte, weg)
      const grund = erlaubnis.antwort === 'NUR_MIT_GRUND' ? lies('grund', readText(text('grund'), 200)) : null
      if (!ergebnis || Object.keys(fehler).length > 0)
        return zeigeFehler(c, akte, formular(akte, { eingabe, fehler, aktion: eingabe['aktion'] ?? '' }, weg))

      const auftrag = klick(c, akte.id, eingabe)
      const antwort = await contactFall(c.var.db, auftrag, {
        kanal: weg,
        ergebnis,
        notiz: [notiz, grund && ohneEinwilligung(grund)].filter(Boolean).join('; ') || null,
        einwilligung: erlaubnis.antwort === 'ERLAUBT' ? erlaubnis.einwilligung : null,
      })
      if (!antwort.ok) return abgelehnt(c, { vorher: akte, auftrag, antwort, eingabe, zeige: (a, stand) => formular(a, stand, weg) })
      return nachAktion(c, {
        vorher: akte,
        text: `Vermerkt: ${KANAELE[weg]}, ${ZWISCHENERGEBNISSE[ergebnis]}.`,
        zeige: (nachher) => danach(c, nachher, ergebnis),
        fokusAuf: '#akte .formular form h2',
        ziel: `${pfade.fallWiedervorlage(akte.id)}?nach=${ergebnis}`,
      })
    })

/** The reminder form with a proposal: the next attempt, or 90 days after the third. */
export function danach(c: Context<Env>, akte: Fallakte, ergebnis: Zwischenergebnis): Gezeigt {
  const { heute } = c.var
  const erschoepft = ergebnis === 'NICHT_ERREICHT' && akte.versuche >= VERSUCHE
  const wann = erschoepft
    ? naechsterWerktag(plusTage(heute, PAUSE_TAGE), akte.bundesland)
    : (vorschlaege(heute, akte.bundesland)[ergebnis === 'NICHT_ERREICHT' ? 0 : 1]?.tag ?? '')
  const nocheinmal = erschoepft ? 'Noch einmal versuchen' : `Anrufen, ${akte.versuche + 1}. Versuch`
  const titel = ergebnis === 'NICHT_ERREICHT' ? nocheinmal : SCHRITTE[ergebnis]
  const hinweis = erschoepft
    ? `${akte.versuche} Versuche ohne Erfolg. Schreiben Sie einen Brief, oder legen Sie den Fall für 90 Tage auf Wiedervorlage.`
    : ergebnis === 'NICHT_ERREICHT'
      ? `Nicht erreicht, ${akte.versuche}. Versuch. Wann möchten Sie es wieder versuchen?`
      : 'Möchten Sie an den nächsten Schritt erinnert werden?'
  const stand: Formularstand = { eingabe: { wann, titel }, hinweis }
  return {
    art: 'wiedervorlage',
    formular: <Wiedervorlageformular {...{ akte, stand, heute }} />,
    fuss: <Wiedervorlagefuss akte={akte} brief={erschoepft} />,
  }
}

/** As the note of a contact says it. */
export function ohneEinwilligung(grund: string): string {
  return `ohne Einwilligung, Grund: ${grund}`
}

function readWeg(kanal: string | undefined): Kontaktweg {
  return KONTAKTWEGE.find((weg) => weg === kanal) ?? 'TELEFON'
}

function formular(akte: Fallakte, stand: Formularstand, weg: Kontaktweg): Gezeigt {
  return { art: weg === 'TELEFON' ? 'anruf' : 'kontakt', formular: <Kontaktformular {...{ akte, stand, weg }} />, fuss: <Kontaktfuss /> }
}
