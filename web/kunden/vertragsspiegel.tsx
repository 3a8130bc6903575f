import type { Kundenakte } from '../../db/kundenakte.ts'
import type { Vertrag } from '../../db/vertraege.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { BESTANDSARTEN, VERTRAGSSTATUS, ZAHLUNGSWEISEN, jahresbeitrag } from '../../domain/vertrag.ts'
import { datum, geld, nameVoll } from '../format.ts'
import { pfade } from '../pfade.ts'
import { beendet, beitrag } from './vertragstabelle.tsx'
import { versicherer } from './worte.ts'

interface Ansicht {
  kunde: Kundenakte
  vertraege: readonly Vertrag[]
  heute: string
  betrieb: string
}

/** One sheet: who, and every contract with its most important data. Prints on one A4 page, landscape. */
export const Vertragsspiegel = ({ kunde, vertraege, heute, betrieb }: Ansicht) => (
  <>
    <header class="spiegeltitel">
      <h1>Vertragsspiegel</h1>
      <p class="hinweis">Stand {datum(heute)}</p>
      <div class="taten nicht-drucken">
        <a class="knopf" href={pfade.kunde(kunde.id)}>
          Kundendaten
        </a>
        <button type="button" class="haupt" data-drucken hidden>
          Drucken
        </button>
      </div>
    </header>
    <Person kunde={kunde} />
    <section class="rollbar" tabindex={0} aria-label="Verträge">
      <table class="spiegel">
        <thead>
          <tr>
            <th scope="col">Sparte</th>
            <th scope="col">Versicherer</th>
            <th scope="col">Scheinnummer</th>
            <th scope="col" class="r">
              Beitrag
            </th>
            <th scope="col">Zahlweise</th>
            <th scope="col">Beginn</th>
            <th scope="col">Ablauf</th>
            <th scope="col">Status</th>
            <th scope="col">Eigen/Fremd</th>
          </tr>
        </thead>
        <tbody>
          {vertraege.map((v) => (
            <tr class={beendet(v) ? 'beendet' : undefined}>
              <td class="name">{SPARTEN[v.sparte].titel}</td>
              <td>{versicherer(v)}</td>
              <td data-titel="Schein">{v.vsnr ?? 'unbekannt'}</td>
              <td class="r">{beitrag(v)}</td>
              <td>{v.zahlungsweise ? ZAHLUNGSWEISEN[v.zahlungsweise] : 'unbekannt'}</td>
              <td data-titel="Beginn">{v.beginn ? datum(v.beginn) : 'unbekannt'}</td>
              <td data-titel="Ablauf">{v.ablauf ? datum(v.ablauf) : 'unbekannt'}</td>
              <td>{VERTRAGSSTATUS[v.status]}</td>
              <td>{BESTANDSARTEN[v.bestandsart]}</td>
            </tr>
          ))}
          {vertraege.length === 0 && (
            <tr>
              <td colspan={9}>Kein Vertrag erfasst.</td>
            </tr>
          )}
        </tbody>
        <Summen vertraege={vertraege} />
      </table>
    </section>
    <p class="hinweis nur-druck">{betrieb}</p>
  </>
)

const Person = ({ kunde }: { kunde: Kundenakte }) => (
  <dl class="spiegelkopf">
    <dt>Name</dt>
    <dd>
      <strong>{nameVoll(kunde)}</strong> <span class="still">{kunde.nummer}</span>
    </dd>
    <dt>Geburtsdatum</dt>
    <dd>{kunde.geburtsdatum ? datum(kunde.geburtsdatum) : kunde.art === 'FIRMA' ? 'Firma' : 'unbekannt'}</dd>
    <dt>Anschrift</dt>
    <dd>{[kunde.strasse, [kunde.plz, kunde.ort].filter(Boolean).join(' ')].filter(Boolean).join(', ') || 'unbekannt'}</dd>
    <dt>Telefon</dt>
    <dd>{[kunde.telefon, kunde.mobil].filter(Boolean).join(', ') || 'unbekannt'}</dd>
    <dt>E-Mail</dt>
    <dd>{kunde.email ?? 'unbekannt'}</dd>
    <dt>Vermittler</dt>
    <dd>{kunde.vermittler}</dd>
  </dl>
)

/** Per year, of contracts that run; what has no known amount is counted, not guessed. */
const Summen = ({ vertraege }: { vertraege: readonly Vertrag[] }) => {
  const laufend = vertraege.filter((v) => v.status === 'AKTIV' || v.status === 'BEITRAGSFREI' || v.status === 'RUHEND')
  if (laufend.length === 0) return <></>
  const summe = (art: Vertrag['bestandsart']) => laufend.filter((v) => v.bestandsart === art).reduce((n, v) => n + (jahresbeitrag(v) ?? 0), 0)
  const offen = laufend.filter((v) => jahresbeitrag(v) === null).length
  const [eigen, fremd] = [summe('EIGEN'), summe('FREMD')]
  return (
    <tfoot>
      {fremd > 0 && eigen > 0 && (
        <>
          <Summe wort="Eigene Verträge im Jahr" cent={eigen} />
          <Summe wort="Fremdverträge im Jahr" cent={fremd} />
        </>
      )}
      <Summe wort="Beiträge im Jahr" cent={eigen + fremd} zusatz={offen > 0 ? `ohne ${offen} mit unbekanntem Beitrag` : ''} />
    </tfoot>
  )
}

const Summe = ({ wort, cent, zusatz = '' }: { wort: string; cent: number; zusatz?: string }) => (
  <tr>
    <th scope="row" colspan={3}>
      {wort}
    </th>
    <td class="r">{geld(cent)}</td>
    <td colspan={5} class="still">
      {zusatz}
    </td>
  </tr>
)
