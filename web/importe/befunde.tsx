import type { Importbericht } from '../../db/importe-lesen.ts'
import { mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer } from '../teile.tsx'
import { ort } from './worte.ts'

/** What could not be read as it stands, by kind, the most frequent first; all places in the download. */
export const Befunde = ({ import: i }: { import: Importbericht }) => (
  <section aria-labelledby="befunde">
    <header class="abschnitt">
      <h2 id="befunde">Befunde</h2>
      {i.befunde.length > 0 && (
        <a class="knopf" href={pfade.importBefunde(i.id)} download>
          Als Tabelle herunterladen
        </a>
      )}
    </header>
    {i.gruppen.length === 0 ? (
      <Leer titel="Keine Befunde">
        <p>Alles, was gebraucht wird, ließ sich lesen.</p>
      </Leer>
    ) : (
      <>
        <p class="hinweis">
          {mehrzahl(i.zaehler['befunde'] ?? i.befunde.length, 'Befund', 'Befunde')} in {mehrzahl(i.gruppen.length, 'Art', 'Arten')}
          {(i.zaehler['befunde'] ?? 0) > i.befunde.length &&
            `; mit ihrer Stelle aufgehoben sind von jeder Art die ersten, zusammen ${zahl(i.befunde.length)}`}
          .
        </p>
        <table class="befunde">
          <thead>
            <tr>
              <th scope="col">Befund</th>
              <th scope="col" class="r">
                Anzahl
              </th>
              <th scope="col">Zuerst</th>
            </tr>
          </thead>
          <tbody>
            {i.gruppen.map((gruppe) => (
              <tr>
                <td class="umbruch">
                  {gruppe.text}
                  {gruppe.feld && <small>{gruppe.feld}</small>}
                </td>
                <td class="r" data-titel="Anzahl">
                  {zahl(gruppe.anzahl)}
                </td>
                <td class="neben umbruch" data-titel="Zuerst">
                  {gruppe.orte.slice(0, 3).map((eine) => (
                    <small>{ort(eine)}</small>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </>
    )}
  </section>
)
