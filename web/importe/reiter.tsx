import type { Child } from 'hono/jsx'
import type { Offenes } from '../../db/importe-zweifel.ts'
import { zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { gezaehlt } from './worte.ts'

export type Reitername = 'lieferungen' | 'klaeren' | 'haushalte' | 'abweichungen' | 'quellen'

/** The rooms of the imports, each with what waits there. */
export const Reiter = ({ aktiv, offenes }: { aktiv: Reitername; offenes: Offenes }) => {
  const punkt = (name: Reitername, href: string, text: string, davon = ''): Child => (
    <a class="chip" href={href} aria-current={aktiv === name ? 'page' : undefined}>
      {text}
      {davon !== '' && davon !== '0' && <b>{davon}</b>}
    </a>
  )
  return (
    <nav class="filter" aria-label="Importe">
      {punkt('lieferungen', pfade.importe(), 'Lieferungen')}
      {punkt('klaeren', pfade.klaeren(), 'Zu klären', zahl(offenes.personen))}
      {punkt('haushalte', pfade.haushaltsvorschlaege(), 'Haushalte', zahl(offenes.haushalte))}
      {punkt('abweichungen', pfade.importAbweichungen(), 'Abweichungen', gezaehlt(offenes.abweichungen))}
      {punkt('quellen', pfade.importquellen(), 'Quellen')}
    </nav>
  )
}

/** Previous and next page; `pfad` of a page number. */
export const Blaettern = ({
  seite,
  gesamt,
  je,
  pfad,
  was,
}: {
  seite: number
  gesamt: number
  je: number
  pfad: (seite: number) => string
  was: string
}) => {
  const seiten = Math.max(1, Math.ceil(gesamt / je))
  if (seiten === 1) return <></>
  return (
    <nav class="blaettern" aria-label={`Seiten: ${was}`}>
      {seite > 1 && (
        <a class="knopf" href={pfad(seite - 1)}>
          Zurück
        </a>
      )}
      <span>
        Seite {zahl(seite)} von {zahl(seiten)}
      </span>
      {seite < seiten && (
        <a class="knopf" href={pfad(seite + 1)}>
          Weiter
        </a>
      )}
    </nav>
  )
}

interface RueckfrageProps {
  id: string
  /** Of the button that opens it, and of the one that does it. */
  knopf: string
  titel: string
  ziel: string
  tat: string
  gefahr?: boolean
  felder?: Child
  children?: Child
}

/** A button that first says what it will do, then does it: a popover, so that it works without script and stays open while the page polls. */
export const Rueckfrage = ({ id, knopf, titel, ziel, tat, gefahr = false, felder, children }: RueckfrageProps) => (
  <>
    <button type="button" popovertarget={id} class={gefahr ? 'gefahr' : undefined}>
      {knopf}
    </button>
    <div id={id} popover="auto" class="rueckfrage" role="dialog" aria-labelledby={`${id}-titel`}>
      <h2 id={`${id}-titel`}>{titel}</h2>
      {children}
      <form method="post" action={ziel}>
        {felder}
        <div class="taten">
          <button class={gefahr ? 'gefahr' : 'haupt'} autofocus>
            {tat}
          </button>
          <button type="button" class="leise" popovertarget={id} popovertargetaction="hide">
            Zurück
          </button>
        </div>
      </form>
    </div>
  </>
)
