import type { ImportInListe, OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import { mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Leer, Tag, Verborgen } from '../teile.tsx'
import { Agenturnummern, type Mitglied } from './agenturnummern.tsx'

export interface Importansicht {
  importe: readonly ImportInListe[]
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  heute: string
  fehler: Fehler
}

export const Importe = (a: Importansicht) => (
  <>
    <header>
      <h1>Importe</h1>
      <p>Bestand aus GDV-Dateien und Tabellen (CSV, Excel)</p>
    </header>
    <Hochladen fehler={a.fehler} />
    <Agenturnummern offene={a.offene} vermittler={a.vermittler} />
    {a.importe.length === 0 ? (
      <Leer titel="Noch kein Import">
        <p>Laden Sie die erste GDV-Datei hoch. Dieselbe Datei ein zweites Mal ändert nichts.</p>
      </Leer>
    ) : (
      <Liste {...a} />
    )}
  </>
)

/** The wait is said by the button (data-warten, importe.js); without JavaScript the browser shows it. */
const Hochladen = ({ fehler }: { fehler: Fehler }) => (
  <form class="formular hochladen" id="hochladen" method="post" enctype="multipart/form-data" action={pfade.importe()}>
    <Verborgen felder={{ aktion: crypto.randomUUID() }} />
    <Fehlerliste fehler={fehler} />
    <div class="feld">
      <label for="feld-datei">Dateien (GDV, CSV, Excel)</label>
      <p class="hinweis" id="feld-datei-hinweis">
        Eine oder mehrere Dateien, wie Versicherer, Pool oder altes Programm sie liefern; zusammen höchstens 25 MB.
      </p>
      <input
        type="file"
        id="feld-datei"
        name="datei"
        multiple
        required
        aria-describedby={fehler['datei'] ? 'feld-datei-hinweis feld-datei-fehler' : 'feld-datei-hinweis'}
        aria-invalid={fehler['datei'] ? 'true' : undefined}
      />
      {fehler['datei'] && (
        <p class="fehler" id="feld-datei-fehler">
          {fehler['datei']}
        </p>
      )}
    </div>
    <div class="taten">
      <button class="haupt" data-warten="Wird eingelesen …">
        Einlesen
      </button>
      <span role="status" class="hinweis" data-wartetext hidden />
    </div>
  </form>
)

const Liste = ({ importe, heute }: Importansicht) => (
  <table class="importe">
    <thead>
      <tr>
        <th scope="col">Datei</th>
        <th scope="col">Kunden</th>
        <th scope="col">Verträge</th>
        <th scope="col" class="r">
          Befunde
        </th>
      </tr>
    </thead>
    <tbody>
      {importe.map((i) => (
        <tr id={`import-${i.id}`}>
          <td>
            <a class="name" href={pfade.import(i.id)}>
              {i.datei}
            </a>{' '}
            {i.status === 'FEHLER' && <Tag art="spaet">nicht lesbar</Tag>}
            {i.status === 'LAEUFT' && <Tag art="bald">läuft</Tag>}
            {i.status === 'ZUORDNUNG' && <Tag art="spaet">Spalten zuordnen</Tag>}
            <small>
              {zeitpunkt(i.gestartet_am, heute)} · {i.person ?? 'Befehlszeile'}
            </small>
          </td>
          <td class="neben" data-titel="Kunden">
            {aenderungen(i.zaehler, 'kunden')}
          </td>
          <td class="neben" data-titel="Verträge">
            {aenderungen(i.zaehler, 'vertraege')}
          </td>
          <td class="r" data-titel="Befunde">
            {zahl(i.zaehler['befunde'] ?? 0)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** "12 neu, 3 geändert"; "nichts neu" where the portfolio stayed as it was. */
function aenderungen(zaehler: Record<string, number>, was: 'kunden' | 'vertraege'): string {
  const [neu, geaendert] = [zaehler[`${was}Neu`] ?? 0, zaehler[`${was}Geaendert`] ?? 0]
  return (
    [neu > 0 && mehrzahl(neu, 'neu', 'neu'), geaendert > 0 && mehrzahl(geaendert, 'geändert', 'geändert')].filter(Boolean).join(', ') || 'nichts neu'
  )
}
