/** Under which number an insurer knows the person: deliveries put new customers into that person's portfolio. */
import { Hono } from 'hono'
import { setAgenturnummer } from '../../db/importe-agentur.ts'
import { deleteAgenturnummer, findAgenturVermittler } from '../../db/mitarbeiter.ts'
import { type Lesung, readText } from '../../domain/eingabe.ts'
import { mehrzahl, nameVoll } from '../format.ts'
import { hatFehler, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { weiter } from '../seite.tsx'
import type { Env } from '../umgebung.ts'
import { getMitarbeiter, zeigeProfil } from './antworten.tsx'

export const agenturnummernRoutes = new Hono<Env>()
  .post(pfade.mitarbeiterAgenturnummern(':id'), async (c) => {
    const { db, person } = c.var
    const einer = await getMitarbeiter(c)
    const formular = await readFormular(c)
    const vuNummer = formular.lies('vu_nummer', readVuNummer, 'Die VU-Nummer fehlt, zum Beispiel 5342.')
    const nummer = formular.lies('nummer', (text) => readText(text, 20), 'Die Agenturnummer fehlt.')
    const inhaber = vuNummer && nummer ? await findAgenturVermittler(db, vuNummer, nummer) : undefined
    if (inhaber) formular.beanstande('nummer', `Diese Nummer gehört schon zu ${nameVoll(inhaber)}.`)
    if (!vuNummer || !nummer || hatFehler(formular)) return zeigeProfil(c, einer, { formular })
    const kunden = await setAgenturnummer(db, { betrieb: person.betriebId, vuNummer, nummer, vermittler: einer.id, person: person.id })
    return weiter(
      c,
      pfade.mitarbeiterProfil(einer.id),
      `Gespeichert. ${mehrzahl(kunden, 'Kunde hat', 'Kunden haben', 'Kein Kunde hat')} den Vermittler gewechselt.`,
    )
  })
  .post(pfade.mitarbeiterAgenturnummerLoeschung(':id'), async (c) => {
    const einer = await getMitarbeiter(c)
    const { text } = await readFormular(c)
    await deleteAgenturnummer(c.var.db, einer.id, text('vu_nummer'), text('nummer'))
    return weiter(c, pfade.mitarbeiterProfil(einer.id), `Die Agenturnummer ${text('nummer')} ist gelöscht.`)
  })

/** Four or five digits, as BaFin numbers insurers (GDV bytes 5–9). */
export function readVuNummer(text: string): Lesung<string | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  return /^\d{4,5}$/.test(roh)
    ? { ok: true, wert: roh }
    : { ok: false, fehler: `„${roh}“ ist keine VU-Nummer. Richtig sind vier oder fünf Ziffern, zum Beispiel 5342.` }
}
