/** The GDV reader's answers as messages. (Tables: tabelle.ts.) */
import type { Merkmale } from '../domain/merkmale.ts'
import { type GdvVertrag, readGdv } from './gdv.ts'
import type { GelieferterVertrag, Meldung } from './lieferung.ts'

export type Stuecke = AsyncIterable<Uint8Array>

export async function* leseGdv(stuecke: Stuecke): AsyncGenerator<Meldung> {
  const teile: Uint8Array[] = []
  for await (const stueck of stuecke) teile.push(stueck)
  const { pakete, kunden, vertraege, befunde } = readGdv(Buffer.concat(teile))
  for (const paket of pakete) {
    yield { art: 'paket', paket }
    for (const [stelle, person] of kunden.entries())
      if (person.paket === paket.nr)
        yield {
          art: 'person',
          person: {
            ...person,
            nr: stelle,
            rolle: 'VN',
            erwerbsstatus: null,
            beruf: null,
            kundeSeit: null,
            einwilligungen: [],
            maklervollmachtAm: null,
          },
        }
    for (const vertrag of vertraege) if (vertrag.paket === paket.nr) yield { art: 'vertrag', vertrag: toVertrag(vertrag) }
    const summe = befunde.some((befund) => befund.paket === paket.nr && befund.text.startsWith('Der Nachsatz nennt'))
    yield {
      art: 'paketEnde',
      paket: { nr: paket.nr, saetze: paket.saetze, abgelehnt: paket.abgelehnt ? 'Das Paket ist nicht lesbar.' : null, summenStimmen: !summe },
    }
  }
  for (const befund of befunde) yield { art: 'befund', befund }
}

const ROH = ['zahlungsweise', 'vertragsstatus', 'abgangsgrund', 'waehrung', 'kuendigungsklausel', 'elementar']

function toVertrag({ kunde, merkmale, ...vertrag }: GdvVertrag): GelieferterVertrag {
  const rohe = Object.entries(merkmale).filter(([name]) => ROH.includes(name))
  const rest = Object.entries(merkmale).filter(([name]) => !ROH.includes(name))
  return {
    ...vertrag,
    person: kunde,
    vsnrAlt: null,
    vsnrNeu: null,
    bestandsart: 'EIGEN',
    verlaengertSich: null,
    kuendigungsfristMonate: null,
    merkmale: { ...Object.fromEntries(rest), ...(rohe.length > 0 && { roh: Object.fromEntries(rohe) }) } as Merkmale,
  }
}
