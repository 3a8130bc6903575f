import { type Abweichung, KUNDEN_JE_SEITE, type KundeMitAbweichungen, isAnschrift } from '../../db/abweichungen.ts'
import type { Offenes } from '../../db/importe-zweifel.ts'
import { SPARTEN, type Sparte } from '../../domain/sparten.ts'
import { datum } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Verborgen } from '../teile.tsx'
import { Blaettern, Reiter } from './reiter.tsx'
import { feldname, feldwert, gezaehlt } from './worte.ts'

interface Listenansicht {
  kunden: readonly KundeMitAbweichungen[]
  gesamt: number
  seite: number
  offenes: Offenes
}

/** All of the Betrieb, by customer. */
export const Abweichungsliste = ({ kunden, gesamt, seite, offenes }: Listenansicht) => (
  <>
    <header>
      <h1>Abweichungen</h1>
      <p>
        {gesamt === 0
          ? 'Lieferungen und Ihre Eingaben stimmen überein'
          : `Bei ${gezaehlt(gesamt)} Kunden sagt eine Lieferung etwas anderes, als bei Ihnen eingegeben wurde`}
      </p>
    </header>
    <Reiter aktiv="abweichungen" offenes={offenes} />
    {gesamt === 0 ? (
      <Leer titel="Keine Abweichungen">
        <p>Was Sie von Hand berichtigen, überschreibt keine Lieferung. Sagt sie etwas anderes, steht es hier.</p>
      </Leer>
    ) : (
      <p class="hinweis">Ihr Wert gilt, bis Sie hier etwas anderes sagen.</p>
    )}
    {kunden.map((kunde) => (
      <section class="blatt" aria-labelledby={`kunde-${kunde.id}`}>
        <h2 id={`kunde-${kunde.id}`}>
          <a href={pfade.kunde(kunde.id)}>{kunde.name}</a> <small class="still">{kunde.nummer}</small>
        </h2>
        <Abweichungen alle={kunde.abweichungen} vertraege={kunde.vertraege} zurueck={pfade.importAbweichungen()} />
      </section>
    ))}
    <Blaettern seite={seite} gesamt={gesamt} je={KUNDEN_JE_SEITE} pfad={pfade.importAbweichungen} was="Abweichungen" />
  </>
)

interface Ansicht {
  alle: readonly Abweichung[]
  vertraege: readonly { id: number; sparte: Sparte; vsnr: string | null }[]
  /** Where to go after the word. */
  zurueck: string
}

/** Of one customer: what stands here, what was delivered, and the two answers. */
export const Abweichungen = ({ alle, vertraege, zurueck }: Ansicht) => (
  <table class="abweichungen">
    <thead>
      <tr>
        <th scope="col">Feld</th>
        <th scope="col">Hier</th>
        <th scope="col">Geliefert</th>
        <th scope="col">
          <span class="nur-vorlesen">Entscheidung</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {gruppen(alle).map((g) => {
        const vertrag = vertraege.find(({ id }) => id === g.vertrag)
        return (
          <tr>
            <td class="umbruch">
              {g.feld}
              {vertrag && <small>{[SPARTEN[vertrag.sparte].titel, vertrag.vsnr].filter(Boolean).join(' · ')}</small>}
            </td>
            <td class="umbruch" data-titel="Hier">
              {g.hier || <span class="still">leer</span>}
            </td>
            <td class="umbruch" data-titel="Geliefert">
              {g.geliefert}
              <small>Stand {datum(g.stand)}</small>
            </td>
            <td>
              <form method="post" action={pfade.kundeAbweichung(g.kunde, g.id)} class="taten">
                <Verborgen felder={{ zurueck }} />
                <button name="antwort" value="UEBERNEHMEN">
                  Lieferung übernehmen<span class="nur-vorlesen">: {g.feld}</span>
                </button>
                <button name="antwort" value="BEHALTEN">
                  Eigenen Wert behalten<span class="nur-vorlesen">: {g.feld}</span>
                </button>
              </form>
            </td>
          </tr>
        )
      })}
    </tbody>
  </table>
)

interface Gruppe extends Pick<Abweichung, 'id' | 'kunde' | 'vertrag' | 'stand'> {
  feld: string
  hier: string
  geliefert: string
}

/** The parts of an address are one line and one decision. */
function gruppen(alle: readonly Abweichung[]): Gruppe[] {
  const anschrift = alle.filter(({ vertrag, feld }) => vertrag === null && isAnschrift(feld))
  const einzeln = alle.filter((eine) => !anschrift.includes(eine))
  const wort = (wert: 'hier' | 'geliefert'): string =>
    anschrift
      .map((eine) => eine[wert])
      .filter(Boolean)
      .join(', ')
  return [
    ...(anschrift[0] ? [{ ...anschrift[0], feld: 'Anschrift', hier: wort('hier'), geliefert: wort('geliefert') }] : []),
    ...einzeln.map((eine) => ({
      ...eine,
      feld: feldname(eine.vertrag === null ? 'KUNDE' : 'VERTRAG', eine.feld),
      hier: feldwert(eine.feld, eine.hier),
      geliefert: feldwert(eine.feld, eine.geliefert),
    })),
  ]
}
