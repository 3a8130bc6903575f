/** The pages of a list's sections: where one is, how to get on, and what is said once rows have left the page. */
import { ABSCHNITTE, type Abschnitt, FALTLAENGE, SEITENLAENGE, isGefaltet } from '../../db/arbeitsvorrat.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import type { Vermittlerwahl } from './filter.tsx'

/** Query parameter of the page of each section. */
export const SEITENNAMEN: Record<Abschnitt, string> = { OFFEN: 'seite', WIEDERVORLAGE: 'wiedervorlage', ERLEDIGT: 'erledigt' }

/** Which pages of which list are open. */
export interface Seitenstand {
  gevo: Pick<Gevo, 'key'>
  wahl: Vermittlerwahl
  seiten: Partial<Record<Abschnitt, number>>
}

/** "51–100 von 238": nothing is cut silently. Above a fold stands how many there are, and is kept right while rows move into it. */
export const Blaettern = ({ stand, abschnitt, gesamt }: { stand: Seitenstand; abschnitt: Abschnitt; gesamt: number }) => {
  const seite = stand.seiten[abschnitt] ?? 1
  const gefaltet = isGefaltet(abschnitt, stand.seiten)
  const laenge = gefaltet ? FALTLAENGE : SEITENLAENGE
  if (gesamt <= laenge && seite === 1) return <></>
  const [von, bis] = [(seite - 1) * laenge + 1, Math.min(seite * laenge, gesamt)]
  const link = (nr: number): string => `${listenpfad(stand, { [abschnitt]: nr })}${abschnitt === 'OFFEN' ? '' : `#falte-${abschnitt}`}`
  return (
    <nav
      class="blaettern"
      id={`blaettern-${abschnitt}`}
      aria-label={`Seiten: ${abschnitt === 'OFFEN' ? 'offene Fälle' : abschnitt === 'ERLEDIGT' ? 'Heute erledigt' : 'Wiedervorlage'}`}
    >
      {seite > 1 && (
        <a class="knopf" rel="prev" href={link(seite - 1)}>
          Vorige
        </a>
      )}
      {!gefaltet && (
        <span>
          {zahl(von)}–{zahl(bis)} von {zahl(gesamt)}
        </span>
      )}
      {gefaltet ? (
        <a class="knopf" href={link(1)}>
          Weitere zeigen
        </a>
      ) : (
        bis < gesamt && (
          <a class="knopf" rel="next" href={link(seite + 1)}>
            Nächste
          </a>
        )
      )}
    </nav>
  )
}

/** Instead of what stood there, once an action has moved a row: the next page begins with others now, and this one has room. `pfad`: of the open page. */
export const Auffuellen = ({ pfad, offen }: { pfad: string; offen: number }) =>
  offen === 0 ? (
    <></>
  ) : (
    <>
      <span>Noch {mehrzahl(offen, 'offener Fall', 'offene Fälle')}</span>
      <a class="knopf" rel="next" href={pfad}>
        Liste auffüllen
      </a>
    </>
  )

/** The last page of each section that is asked for a later one: what stood there has been worked off. Undefined where every page is there. */
export function findLetzteSeiten(seiten: Seitenstand['seiten'], zahlen: Record<Abschnitt, number>): Seitenstand['seiten'] | undefined {
  const letzte = ABSCHNITTE.map((a) => [a, Math.max(1, Math.ceil(zahlen[a] / SEITENLAENGE))] as const).filter(([a, n]) => (seiten[a] ?? 1) > n)
  return letzte.length === 0 ? undefined : Object.fromEntries(letzte)
}

/** An unfolded section is named even on its first page: it stays unfolded. */
export function listenpfad({ gevo, wahl, seiten }: Seitenstand, dann: Partial<Record<Abschnitt, number>>): string {
  const alle = { ...seiten, ...dann }
  const felder = new URLSearchParams()
  if (wahl.vermittler !== undefined) felder.set('vermittler', String(wahl.vermittler))
  for (const abschnitt of ABSCHNITTE)
    if ((alle[abschnitt] ?? 0) > (abschnitt === 'OFFEN' ? 1 : 0)) felder.set(SEITENNAMEN[abschnitt], String(alle[abschnitt]))
  return felder.size === 0 ? pfade.gevo(gevo.key) : `${pfade.gevo(gevo.key)}?${felder}`
}
