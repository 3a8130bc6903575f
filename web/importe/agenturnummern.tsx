import type { OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Verborgen, feldId } from '../teile.tsx'
import { gezaehlt } from './worte.ts'

/** How the fields of the numbers begin. */
export const NUMMERNFELD = 'nummer/'

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
  fehler,
}: {
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  zurueck: string
  fehler: Fehler
}) =>
  offene.length === 0 ? (
    <></>
  ) : (
    <form class="formular blatt agenturnummern" id="agenturnummern" method="post" action={pfade.agenturnummern()}>
      <Fehlerliste fehler={fehler} />
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
                <select id={feldId(nummernId(o))} name={nummernfeld(o)} aria-label={`Vermittler für ${o.nummer} bei VU ${o.vuNummer}`}>
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
  return `${NUMMERNFELD}${vuNummer}/${nummer}`
}

/** Nothing was chosen: said above the list, leading to its first number. */
export function waehlenFehler(offene: readonly OffeneAgenturnummer[]): Fehler {
  return offene[0] ? { [nummernId(offene[0])]: 'Bitte wählen Sie zuerst einen Vermittler.' } : {}
}

function nummernId(offene: OffeneAgenturnummer): string {
  return nummernfeld(offene).replace(/\W/g, '-')
}
