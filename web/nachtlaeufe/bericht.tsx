import type { GevoZeile, Nachtlaufbericht } from '../../db/nachtlauf-lesen.ts'
import { findGevo } from '../../gevos/katalog.ts'
import { datum, mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Status } from './liste.tsx'
import { anlass, dauer } from './worte.ts'

/** Columns of the report: every finding is one of the first four after it. */
const SPALTEN = [
  ['gefunden', 'Gefunden'],
  ['eroeffnet', 'Eröffnet'],
  ['behalten', 'Behalten'],
  ['gesperrt', 'Gesperrt'],
  ['wartend', 'Wartend'],
  ['beendet', 'Beendet'],
  ['entfallen', 'Befund entfallen'],
  ['unbekannt', 'Unbekannt'],
] as const

/** The report of one run. While it runs the whole block asks again every two seconds; the finished one no longer does. */
export const Nachtlauf = ({ lauf, heute }: { lauf: Nachtlaufbericht; heute: string }) => {
  const laeuft = lauf.status === 'LAEUFT'
  const nachfragen = laeuft
    ? { 'hx-get': pfade.nachtlauf(lauf.id), 'hx-trigger': 'every 2s', 'hx-target': '#nachtlauf', 'hx-swap': 'outerMorph' }
    : {}
  return (
    <div id="nachtlauf" {...nachfragen}>
      <header>
        <h1>Nachtlauf zum {datum(lauf.stichtag)}</h1>
        <p>
          <Status status={lauf.status} /> gestartet {zeitpunkt(lauf.gestartetAm, heute)} · {anlass(lauf)}
          {lauf.dauer !== null && ` · ${dauer(lauf.dauer)}`}
        </p>
        <a class="knopf" href={pfade.nachtlaeufe()}>
          Alle Nachtläufe
        </a>
      </header>
      {laeuft && <Fortschritt lauf={lauf} />}
      {lauf.status === 'FEHLER' && (
        <p class="grund">
          Dieser Nachtlauf ist nicht zu Ende gekommen. Der nächste findet alles, was bis dahin fällig ist; Sie können ihn auch jetzt starten.
        </p>
      )}
      <section class="rollbar" tabindex={0} aria-label="Ergebnis je Geschäftsvorfall">
        <table class="nachtbericht zahlen">
          <thead>
            <tr>
              <th scope="col">Geschäftsvorfall</th>
              {SPALTEN.map(([, wort]) => (
                <th scope="col" class="r">
                  {wort}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lauf.gevos.map((zeile) => (
              <Zeile zeile={zeile} />
            ))}
          </tbody>
          {lauf.gevos.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">Zusammen</th>
                {SPALTEN.map(([feld]) => (
                  <td class="r zahl">{zahl(lauf[feld])}</td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </section>
      {!laeuft && <Abschluss lauf={lauf} />}
      <Legende />
    </div>
  )
}

const Zeile = ({ zeile }: { zeile: GevoZeile }) => {
  const gevo = findGevo(zeile.gevo)
  return (
    <tr id={`gevo-${zeile.gevo}`}>
      <th scope="row">
        {gevo ? <a href={pfade.gevo(gevo.key)}>{gevo.titel}</a> : zeile.gevo}
        <small>
          Regelstand {zeile.regelVersion}
          {zeile.fertig ? ` · ${dauer(zeile.dauer)}` : ' · läuft noch'}
        </small>
      </th>
      {SPALTEN.map(([feld]) => (
        <td class={`r${zeile[feld] === 0 ? ' still' : ''}`}>{zahl(zeile[feld])}</td>
      ))}
    </tr>
  )
}

const Fortschritt = ({ lauf }: { lauf: Nachtlaufbericht }) => (
  <div class="fortschritt">
    <label for="fortschritt">
      {lauf.regeln === 0
        ? 'Wartet auf den Start'
        : `${lauf.fertig} von ${mehrzahl(lauf.regeln, 'Regel', 'Regeln')} geprüft, ${mehrzahl(lauf.eroeffnet, 'neuer Fall', 'neue Fälle')}`}
    </label>
    <progress id="fortschritt" value={lauf.regeln === 0 ? undefined : String(lauf.fertig)} max={String(Math.max(lauf.regeln, 1))} />
    <noscript>
      <a href={pfade.nachtlauf(lauf.id)}>Neu laden</a>
    </noscript>
  </div>
)

const Abschluss = ({ lauf }: { lauf: Nachtlaufbericht }) => (
  <p>
    {mehrzahl(lauf.geschlossen, 'dokumentierter Fall', 'dokumentierte Fälle', 'Kein dokumentierter Fall')} abgeschlossen,{' '}
    {mehrzahl(lauf.eskaliert, 'überschrittene Frist', 'überschrittene Fristen', 'keine überschrittene Frist')} an den Supervisor gegeben.
  </p>
)

const Legende = () => (
  <details class="legende">
    <summary>Was die Spalten bedeuten</summary>
    <dl>
      <dt>Gefunden</dt>
      <dd>Treffer der Regel an diesem Stichtag.</dd>
      <dt>Eröffnet</dt>
      <dd>Daraus wurde ein neuer Fall.</dd>
      <dt>Behalten</dt>
      <dd>Der Fall war schon offen.</dd>
      <dt>Gesperrt</dt>
      <dd>Nach einer früheren Dokumentation ruht die Frage bis zum Ende der Sperrfrist.</dd>
      <dt>Wartend</dt>
      <dd>Über der Tagesquote; die dringendsten kommen zuerst.</dd>
      <dt>Beendet</dt>
      <dd>Der Befund besteht nicht mehr, der Fall war noch nicht in Arbeit.</dd>
      <dt>Befund entfallen</dt>
      <dd>Der Befund besteht nicht mehr, der Fall ist in Arbeit und bleibt mit diesem Vermerk offen.</dd>
      <dt>Unbekannt</dt>
      <dd>Angaben fehlen, die die Regel braucht; daraus wird kein Fall.</dd>
    </dl>
  </details>
)
