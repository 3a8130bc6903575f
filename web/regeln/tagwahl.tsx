import type { Context } from 'hono'
import { readTag } from '../../domain/eingabe.ts'
import { datum } from '../format.ts'
import { type Fehler, Feld } from '../teile.tsx'
import type { Env } from '../umgebung.ts'

/** Another day than today, past or coming. Asked by GET: the page of a day can be shared. */
export const Tagwahl = ({ ziel, getippt, fehler }: { ziel: string; getippt: string; fehler: Fehler }) => (
  <form method="get" action={ziel} class="tagwahl" novalidate>
    <Feld
      name="am"
      label="Wie sähe es an einem anderen Tag aus?"
      wert={getippt}
      fehler={fehler}
      maxlength={10}
      hinweis="mit heutigem Bestand, zum Beispiel 01.10.2027"
    />
    <button>Zeigen</button>
  </form>
)

export interface GewaehlterTag {
  am: string
  getippt: string
  fehler: Fehler
}

/** `?am=` as typed or as the app links; today where it is missing or wrong. */
export function readTagwahl(c: Context<Env>): GewaehlterTag {
  const roh = c.req.query('am') ?? ''
  const gelesen = readTag(roh, c.var.heute)
  if (!gelesen.ok) return { am: c.var.heute, getippt: roh, fehler: { am: gelesen.fehler } }
  const am = gelesen.wert ?? c.var.heute
  return { am, getippt: am === c.var.heute ? '' : datum(am), fehler: {} }
}
