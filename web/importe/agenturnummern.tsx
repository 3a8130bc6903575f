import type { OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Verborgen, feldId } from '../teile.tsx'
import { gezaehlt } from './worte.ts'

export interface Mitglied {
  id: number
  name: string
  vorname: string
}

/** Asked once and remembered: whose customers come under which number of an insurer. */
export const Agenturnummern = ({
  offene,
  vermittler,
  zurueck,
}: {
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  zurueck: string
}) =>
  offene.length === 0 ? (
    <></>
  ) : (
    <form class="formular blatt agenturnummern" id="agenturnummern" method="post" action={pfade.agenturnummern()}>
      <Verborgen felder={{ zurueck }} />
      <h2>{mehrzahl(offene.length, 'Agenturnummer ist', 'Agenturnummern sind')} noch niemandem zugeordnet</h2>
      <p class="hinweis">
        Bis dahin liegen die Kunden beim Supervisor. Die Zuordnung wird gemerkt; die Kunden dieser Nummer gehen mit ihren Fällen gleich mit.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Versicherer</th>
            <th scope="col">Agenturnummer</th>
            <th scope="col" class="r">
              Kunden
            </th>
            <th scope="col">Vermittler</th>
          </tr>
        </thead>
        <tbody>
          {offene.map((o) => (
            <tr>
              <td class="name">{o.versicherer ?? `VU ${o.vuNummer}`}</td>
              <td data-titel="Agenturnummer">{o.nummer}</td>
              <td class="r" data-titel="Kunden">
                {gezaehlt(o.kunden)}
              </td>
              <td>
                <select
                  id={feldId(nummernfeld(o).replace(/\W/g, '-'))}
                  name={nummernfeld(o)}
                  aria-label={`Vermittler für ${o.nummer} bei VU ${o.vuNummer}`}
                >
                  <option value="">noch offen</option>
                  {vermittler.map((v) => (
                    <option value={String(v.id)}>
                      {v.name}, {v.vorname}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="taten">
        <button class="haupt">Zuordnen</button>
      </div>
    </form>
  )

/** The field of a number: insurer and number stand in its name. */
export function nummernfeld({ vuNummer, nummer }: Pick<OffeneAgenturnummer, 'vuNummer' | 'nummer'>): string {
  return `nummer/${vuNummer}/${nummer}`
}
