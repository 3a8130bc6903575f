import { UNTERWEGS } from '../../db/importe.ts'
import type { Import, OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import type { ImportBefund } from '../../db/schema.ts'
import { mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Tag } from '../teile.tsx'
import { Agenturnummern, type Mitglied } from './agenturnummern.tsx'

interface Ansicht {
  import: Import & { person: string | null }
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  heute: string
}

/** What one delivery brought: counts, findings with their place in the file, numbers to map. */
export const Importbericht = ({ import: i, offene, vermittler, heute }: Ansicht) => (
  <div id="import" {...(UNTERWEGS.includes(i.status) && nachfragen(i.id))}>
    <header>
      <h1>{i.datei}</h1>
      <p>
        {zeitpunkt(i.gestartet_am, heute)} · {i.person ?? 'Befehlszeile'}{' '}
        {i.status === 'FEHLER' && <Tag art="spaet">nicht lesbar, nichts übernommen</Tag>}
        {i.status !== 'FEHLER' && i.status !== 'FERTIG' && <Tag art="bald">{STATUSWORTE[i.status]}</Tag>}
      </p>
      <a class="knopf" href={pfade.importe()}>
        Alle Importe
      </a>
    </header>
    {i.vorschlag !== null && (
      <p>
        <a class="knopf" href={pfade.importZuordnung(i.id)}>
          {i.status === 'ZUORDNUNG' ? 'Spalten zuordnen' : 'Zuordnung der Spalten'}
        </a>
      </p>
    )}
    {i.gruende.length > 0 && (
      <ul>
        {i.gruende.map(({ text }) => (
          <li>{text}</li>
        ))}
      </ul>
    )}
    <Zahlen zaehler={i.zaehler} />
    <Agenturnummern offene={offene} vermittler={vermittler} />
    <section aria-labelledby="befunde">
      <h2 id="befunde">Befunde</h2>
      {i.befunde.length === 0 ? (
        <Leer titel="Keine Befunde">
          <p>Alles, was gebraucht wird, ließ sich lesen.</p>
        </Leer>
      ) : (
        <Befunde befunde={i.befunde} gesamt={i.zaehler['befunde'] ?? i.befunde.length} />
      )}
    </section>
  </div>
)

const nachfragen = (id: number) => ({ 'hx-get': pfade.import(id), 'hx-trigger': 'every 2s', 'hx-target': '#import', 'hx-swap': 'outerMorph' })

const STATUSWORTE: Record<Import['status'], string> = {
  LAEUFT: 'läuft',
  WARTET: 'wartet',
  LIEST: 'wird gelesen',
  ZUORDNUNG: 'wartet auf die Zuordnung der Spalten',
  PRUEFT: 'wird geprüft',
  UEBERNIMMT: 'wird übernommen',
  FERTIG: 'übernommen',
  QUARANTAENE: 'zurückgehalten',
  VERWORFEN: 'verworfen',
  ABGEBROCHEN: 'abgebrochen',
  FEHLER: 'gescheitert',
}

const Zahlen = ({ zaehler: z }: { zaehler: Record<string, number> }) => (
  <table class="importzahlen zahlen">
    <thead>
      <tr>
        <th scope="col">Übernommen</th>
        {['neu', 'geändert', 'unverändert'].map((wort) => (
          <th scope="col" class="r">
            {wort}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">Kunden</th>
        <Drei z={z} was="kunden" />
      </tr>
      <tr>
        <th scope="row">Verträge</th>
        <Drei z={z} was="vertraege" />
      </tr>
    </tbody>
    <tfoot>
      <tr>
        <td colspan={4} class="still">
          {mehrzahl(z['saetze'] ?? 0, 'Satz', 'Sätze')} in {mehrzahl(z['pakete'] ?? 0, 'Paket', 'Paketen')} gelesen
          {z['vertraegeAelter'] ? `, ${mehrzahl(z['vertraegeAelter'], 'Vertrag', 'Verträge')} mit älterem Stand ausgelassen` : ''}
          {z['vertraegeOhneKunde'] ? `, ${mehrzahl(z['vertraegeOhneKunde'], 'Vertrag', 'Verträge')} ohne Kunden ausgelassen` : ''}
          {z['paketeAbgelehnt'] ? `, ${mehrzahl(z['paketeAbgelehnt'], 'Paket', 'Pakete')} abgelehnt` : ''}
        </td>
      </tr>
    </tfoot>
  </table>
)

const Drei = ({ z, was }: { z: Record<string, number>; was: string }) => (
  <>
    {['Neu', 'Geaendert', 'Unveraendert'].map((art) => (
      <td class="r">{zahl(z[was + art] ?? 0)}</td>
    ))}
  </>
)

const Befunde = ({ befunde, gesamt }: { befunde: readonly ImportBefund[]; gesamt: number }) => (
  <>
    {gesamt > befunde.length && (
      <p class="hinweis">
        Gezeigt werden die ersten {zahl(befunde.length)} von {zahl(gesamt)}.
      </p>
    )}
    <div class="rollbar">
      <table class="befunde">
        <thead>
          <tr>
            <th scope="col">Befund</th>
            <th scope="col">Feld</th>
            <th scope="col" class="r">
              Paket
            </th>
            <th scope="col" class="r">
              Zeile
            </th>
            <th scope="col" class="r">
              Stelle
            </th>
          </tr>
        </thead>
        <tbody>
          {befunde.map((b) => (
            <tr>
              <td class="umbruch">{b.text}</td>
              <td class="neben umbruch" data-titel="Feld">
                {b.feld}
              </td>
              <td class="r neben" data-titel="Paket">
                {b.paket}
              </td>
              <td class="r neben" data-titel="Zeile">
                {b.zeile}
              </td>
              <td class="r neben" data-titel="Stelle">
                {b.byte}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
)
