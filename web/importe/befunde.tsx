import type { Importbericht } from '../../db/importe-lesen.ts'
import { mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer } from '../teile.tsx'
import { ort } from './worte.ts'

/** What could not be read as it stands, by kind, the most frequent first; their places in the download. */
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
          {mehrzahl(gesamt(i), 'Befund', 'Befunde')} in {mehrzahl(i.gruppen.length, 'Art', 'Arten')}
          {aufgehoben(i) < gesamt(i) && `; mit ihrer Stelle aufgehoben sind die ersten ${zahl(aufgehoben(i))}`}.
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

const gesamt = ({ zaehler, befunde }: Importbericht): number => zaehler['befunde'] ?? befunde.length
/** Those in the download. Earlier versions kept the first of each kind only. */
const aufgehoben = ({ zaehler, befunde }: Importbericht): number => zaehler['befundeAufgehoben'] ?? befunde.length
