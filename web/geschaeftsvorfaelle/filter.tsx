import type { Context } from 'hono'
import { type Betreuer, listBetreuer } from '../../db/zuordnung.ts'
import type { Env } from '../umgebung.ts'

export interface Vermittlerwahl {
  vermittler: number | undefined
  /** Empty for a Vermittler, who has no filter. */
  alle: readonly Betreuer[]
}

/** From the page's URL; row-level security cuts whatever stands there to what the person may see. */
export async function readVermittlerwahl(c: Context<Env>): Promise<Vermittlerwahl> {
  if (c.var.person.rolle !== 'SUPERVISOR') return { vermittler: undefined, alle: [] }
  return { vermittler: readVermittler(c, pageQuery(c).get('vermittler')), alle: await listBetreuer(c.var.db) }
}

/** Whose Fälle are meant, as a URL or a form says it; a Vermittler's are always the own ones. */
export function readVermittler(c: Context<Env>, wunsch: string | null | undefined): number | undefined {
  return c.var.person.rolle === 'SUPERVISOR' && /^[1-9]\d{0,8}$/.test(wunsch ?? '') ? Number(wunsch) : undefined
}

export const Vermittlerfilter = ({ wahl, pfad }: { wahl: Vermittlerwahl; pfad: string }) =>
  wahl.alle.length === 0 ? (
    <></>
  ) : (
    <form class="filter" method="get" action={pfad} data-sofort>
      <label>
        Vermittler{' '}
        <select name="vermittler">
          <Vermittleroptionen {...wahl} />
        </select>
      </label>
      <button>Anzeigen</button>
    </form>
  )

export const Vermittleroptionen = ({ alle, vermittler }: Vermittlerwahl) => (
  <>
    <option value="">alle</option>
    {alle.map((v) => (
      <option value={String(v.id)} selected={v.id === vermittler}>
        {v.name}, {v.vorname}
        {!v.aktiv && ' (gesperrt)'}
      </option>
    ))}
  </>
)

/** The query of the page that is open: an action by htmx goes to another address and brings it along. */
export function pageQuery(c: Context): URLSearchParams {
  const seite = c.req.method === 'POST' ? (c.req.header('HX-Current-URL') ?? '') : c.req.url
  return URL.canParse(seite) ? new URL(seite).searchParams : new URLSearchParams()
}
