/** "Altbestand geprüft" (Supervisor): all findings of today held back at once, with a reason and until a day; and taken back. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ALTBESTANDSREGELN, insertAltbestand, undoAltbestand } from '../../db/altbestand.ts'
import { once } from '../../db/faelle.ts'
import { mitGeduld } from '../../db/geduld.ts'
import { readTag, readText } from '../../domain/eingabe.ts'
import { plusTage } from '../../domain/kalender.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { datum, mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { KEY, type Kontext, NR, getRegelgevo, readEingabe, zeigeRegel } from './antwort.tsx'

/** Nobody looks through a portfolio for longer than that: what lies further away is a slip of the keyboard. */
const LAENGSTENS_TAGE = 5 * 365
const ZU_LANG =
  'Die Regel hat für diesen Bestand zu lange gebraucht und wurde abgebrochen. Nichts ist zurückgehalten. Bitte versuchen Sie es zu einer ruhigeren Zeit noch einmal.'
const AKTION = /^[\w-]{8,64}$/

export const altbestandRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .post(pfade.regelAltbestand(KEY), nurSupervisor, async (c) => {
      const { db, person, heute } = c.var
      const gevo = getAltbestandsregel(c)
      const getippt = await readEingabe(c)
      const { grund, bis, fehler } = readAngaben(getippt, heute)
      if (grund === null || bis === null) return zeigeRegel(c, gevo, { altbestand: { getippt, fehler } })
      const auftrag = { betrieb: person.betriebId, aktion: AKTION.test(getippt['aktion'] ?? '') ? getippt['aktion']! : crypto.randomUUID() }
      const anzahl = await mitGeduld(db, () => once(db, auftrag, () => insertAltbestand(db, gevo, { person, stichtag: heute, bis, grund })))
      if (anzahl === undefined) return zeigeRegel(c, gevo, { altbestand: { getippt, fehler: { '': ZU_LANG } } })
      return zurueck(
        c,
        gevo,
        anzahl === 0
          ? 'Heute gibt es hier keinen neuen Befund; es war nichts zurückzuhalten.'
          : `${mehrzahl(anzahl, 'Befund', 'Befunde')} bis ${datum(bis)} zurückgehalten.`,
      )
    })
    .post(pfade.regelAltbestandRuecknahme(KEY, NR), nurSupervisor, async (c) => {
      const gevo = getAltbestandsregel(c)
      const zurueckgenommen = await undoAltbestand(c.var.db, c.var.person, gevo.code, Number(c.req.param('nr')))
      return zurueck(c, gevo, zurueckgenommen ? 'Zurückgenommen. Der nächste Nachtlauf findet sie wieder.' : 'Das ist schon zurückgenommen.')
    })

/** 404 for rules where bulk marking makes no sense. */
function getAltbestandsregel(c: Kontext): Gevo {
  const gevo = getRegelgevo(c)
  if (!ALTBESTANDSREGELN.includes(gevo.code)) throw new HTTPException(404)
  return gevo
}

function readAngaben(getippt: Readonly<Record<string, string>>, heute: string) {
  const grund = readText(getippt['grund'] ?? '', 200)
  const bis = readTag(getippt['bis'] ?? '', heute)
  const fehler: Record<string, string> = {}
  if (!grund.ok) fehler['grund'] = grund.fehler
  else if (!grund.wert) fehler['grund'] = 'Der Grund fehlt. Er erklärt später, warum hier niemand gefragt wurde.'
  if (!bis.ok) fehler['bis'] = bis.fehler
  else if (!bis.wert) fehler['bis'] = 'Bis wann? Richtig ist ein Tag in der Zukunft.'
  else if (bis.wert <= heute || bis.wert > plusTage(heute, LAENGSTENS_TAGE))
    fehler['bis'] = `Richtig ist ein Tag nach heute, spätestens der ${datum(plusTage(heute, LAENGSTENS_TAGE))}.`
  const ohneFehler = Object.keys(fehler).length === 0
  return { grund: ohneFehler && grund.ok ? grund.wert : null, bis: ohneFehler && bis.ok ? bis.wert : null, fehler }
}

const zurueck = (c: Kontext, gevo: Gevo, text: string): Response => weiter(c, `${pfade.regel(gevo.key)}#altbestand`, text)
