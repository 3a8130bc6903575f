/** Which column of a table means what: every column with what it holds, a list to correct it, and the first rows as they would be stored. */
import type { Spaltenansicht, Vorschauzeile } from '../../db/importe-spalten.ts'
import { FELDGRUPPEN, type Feldgruppe, type Spaltenzuordnung, TABELLENFELDER, type Tabellenfeld, type Urteil } from '../../domain/tabellenfelder.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, type Fehler, Fehlerliste, Tag, feldId } from '../teile.tsx'
import { Vorschau } from './zuordnung-vorschau.tsx'

export interface Zuordnungsansicht {
  ansicht: Spaltenansicht
  /** As chosen in the form, else as kept or proposed. */
  zuordnung: Spaltenzuordnung
  urteil: Urteil
  vorschau: readonly Vorschauzeile[]
  /** Only where somebody tried to keep it. */
  fehler: Fehler
}

export const Zuordnung = (a: Zuordnungsansicht) => {
  const { ansicht, zuordnung, fehler } = a
  const ziel = pfade.importZuordnung(ansicht.id)
  return (
    <>
      <header>
        <h1>Spalten zuordnen</h1>
        <p>
          {ansicht.datei} · {satz(ansicht)}
        </p>
        <a class="knopf" href={pfade.import(ansicht.id)}>
          Zum Import
        </a>
      </header>
      <form
        class="zuordnung"
        method="post"
        action={ziel}
        hx-get={ziel}
        hx-trigger="change"
        hx-target="#zuordnung-vorschau"
        hx-swap="outerMorph"
        novalidate
      >
        <Fehlerliste fehler={fehler} />
        <Spalten {...a} />
        <div class="felder">
          <Auswahl
            name="ohneStatus"
            label="Wo die Tabelle keinen Status nennt, ist ein Vertrag"
            wert={zuordnung.ohneStatus}
            werte={[
              ['UNBEKANNT', 'unbekannt'],
              ['AKTIV', 'aktiv'],
            ]}
          />
          <Auswahl
            name="ohneBestandsart"
            label="Wo sie weder „eigen“ noch „fremd“ nennt, ist ein Vertrag"
            wert={zuordnung.ohneBestandsart}
            werte={[
              ['EIGEN', 'ein eigener'],
              ['FREMD', 'ein Fremdvertrag'],
            ]}
          />
        </div>
        <div class="taten">
          <button class="haupt">Zuordnung übernehmen</button>
          <button formmethod="get" formaction={ziel}>
            Vorschau aktualisieren
          </button>
        </div>
      </form>
      <Vorschau {...a} />
    </>
  )
}

/** Spaltenname → field name of the form. */
export function spaltenfeld(stelle: number): string {
  return `spalte-${stelle}`
}

function satz({ bestaetigt, quelle }: Spaltenansicht): string {
  return bestaetigt ? `gilt für alle Tabellen der Quelle „${quelle}“` : 'einmal für alle Tabellen mit diesen Überschriften'
}

const Spalten = ({ ansicht: { vorschlag }, zuordnung }: Zuordnungsansicht) => (
  <table class="spalten">
    <caption class="nur-vorlesen">Spalten der Datei und ihre Bedeutung</caption>
    <thead>
      <tr>
        <th scope="col">Spalte</th>
        <th scope="col">Beispiele</th>
        <th scope="col">Bedeutung</th>
        <th scope="col">Erkannt</th>
      </tr>
    </thead>
    <tbody>
      {vorschlag.spalten.map((spalte, i) => (
        <tr>
          <th scope="row" class="umbruch">
            {spalte.ueberschrift || `Spalte ${i + 1} ohne Überschrift`}
          </th>
          <td class="umbruch neben" data-titel="Beispiele">
            {spalte.beispiele.length === 0 ? 'leer' : spalte.beispiele.join(' · ')}
          </td>
          <td data-titel="Bedeutung">
            <Bedeutung stelle={i} ueberschrift={spalte.ueberschrift} feld={zuordnung.felder[i] ?? null} />
          </td>
          <td class="neben" data-titel="Erkannt">
            <Erkannt spalte={spalte} geaendert={zuordnung.felder[i] !== spalte.feld} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const GRUPPEN = Object.keys(FELDGRUPPEN) as Feldgruppe[]
const FELDER = Object.entries(TABELLENFELDER) as [Tabellenfeld, readonly [Feldgruppe, string]][]

const Bedeutung = ({ stelle, ueberschrift, feld }: { stelle: number; ueberschrift: string; feld: Tabellenfeld | null }) => (
  <select
    id={feldId(spaltenfeld(stelle))}
    name={spaltenfeld(stelle)}
    aria-label={`Bedeutung der Spalte ${ueberschrift || stelle + 1}`}
    autocomplete="off"
  >
    <option value="">nicht übernehmen</option>
    {GRUPPEN.map((gruppe) => (
      <optgroup label={FELDGRUPPEN[gruppe]}>
        {FELDER.filter(([, [wo]]) => wo === gruppe).map(([name, [, titel]]) => (
          <option value={name} selected={name === feld}>
            {titel}
          </option>
        ))}
      </optgroup>
    ))}
  </select>
)

const Erkannt = ({ spalte, geaendert }: { spalte: Spaltenansicht['vorschlag']['spalten'][number]; geaendert: boolean }) => {
  if (geaendert) return <Tag>von Hand</Tag>
  if (spalte.woran === null) return spalte.beispiele.length === 0 ? <></> : <Tag art="bald">nicht erkannt</Tag>
  const wort = spalte.woran === 'NAME' ? 'an der Überschrift' : 'am Inhalt'
  return spalte.sicher ? <>{wort}</> : <Tag art="bald">{wort}, bitte prüfen</Tag>
}
