import type { NachtlaufZeile } from '../../db/nachtlauf-lesen.ts'
import { tag, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Tag } from '../teile.tsx'
import { anlass, dauer } from './worte.ts'

const ZAHLEN = [
  ['eroeffnet', 'Eröffnet'],
  ['behalten', 'Behalten'],
  ['gesperrt', 'Gesperrt'],
  ['wartend', 'Wartend'],
  ['beendet', 'Beendet'],
] as const

interface Ansicht {
  laeufe: readonly NachtlaufZeile[]
  /** Whether the nights are released (Anlauf). */
  freigegeben: boolean
  heute: string
}

export const Nachtlaeufe = ({ laeufe, freigegeben, heute }: Ansicht) => {
  const laeuft = laeufe.find(({ status }) => status === 'LAEUFT')
  return (
    <>
      <header>
        <h1>Nachtläufe</h1>
        <p>{freigegeben ? 'Jede Nacht werden die Regeln über den ganzen Bestand geprüft' : 'Die Nächte sind noch nicht freigegeben'}</p>
        <div class="taten">
          <a class="knopf" href={pfade.anlauf()}>
            {freigegeben ? 'Regeln und Tagesquote' : 'Zum Anlauf'}
          </a>
          {freigegeben &&
            (laeuft ? (
              <a class="knopf haupt" href={pfade.nachtlauf(laeuft.id)}>
                Laufenden Nachtlauf ansehen
              </a>
            ) : (
              <form method="post" action={pfade.nachtlaeufe()}>
                <button class="haupt">Jetzt starten</button>
              </form>
            ))}
        </div>
      </header>
      {laeufe.length === 0 ? (
        <Leer titel="Noch kein Nachtlauf">
          <p>
            {freigegeben ? (
              'Der erste läuft heute Nacht. Sie können ihn auch jetzt starten.'
            ) : (
              <a href={pfade.anlauf()}>Regeln prüfen und Nächte freigeben</a>
            )}
          </p>
        </Leer>
      ) : (
        <Tabelle laeufe={laeufe} heute={heute} />
      )}
    </>
  )
}

const Tabelle = ({ laeufe, heute }: Pick<Ansicht, 'laeufe' | 'heute'>) => (
  <table class="nachtlaeufe">
    <thead>
      <tr>
        <th scope="col">Stichtag</th>
        {[...ZAHLEN.map(([, wort]) => wort), 'Dauer'].map((wort) => (
          <th scope="col" class="r">
            {wort}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {laeufe.map((lauf) => (
        <tr id={`lauf-${lauf.id}`}>
          <td>
            <a class="name" href={pfade.nachtlauf(lauf.id)}>
              {tag(lauf.stichtag, heute)}
            </a>{' '}
            <Status status={lauf.status} />
            <small>
              {zeitpunkt(lauf.gestartetAm, heute)} · {anlass(lauf)}
            </small>
          </td>
          {ZAHLEN.map(([feld, wort]) => (
            <td class="r" data-titel={wort}>
              {zahl(lauf[feld])}
            </td>
          ))}
          <td class="r neben" data-titel="Dauer">
            {dauer(lauf.dauer)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

export const Status = ({ status }: { status: NachtlaufZeile['status'] }) => {
  if (status === 'FERTIG') return <></>
  return status === 'LAEUFT' ? <Tag art="bald">läuft</Tag> : <Tag art="spaet">abgebrochen</Tag>
}
