/** The application with its own care taken out: what still holds is row-level security. */
import pg from 'pg'
import { type WebDatabase, openWebDatabase } from '../../db/sitzung.ts'

export interface OhneFilter {
  web: WebDatabase
  /** Conditions dropped so far. */
  gestrichen(): number
}

const NAME = 'ohne-filter'
/** `f.betrieb_id = $1`, `"kunde"."betrieb_id" = ANY ($2::integer[])`, `"betrieb"."id" = $3`. */
const BEDINGUNG =
  /(?:(?:\w+|"\w+")\.)?(?:"(?:betrieb|vermittler)_id"|\b(?:betrieb|vermittler)_id\b|\bb\.id|"betrieb"\."id") = (ANY ?\()?(\$\d+)(?:::\w+(?:\[\])?)?\)?/gi

let gestrichen = 0
let eingebaut = false

/**
 * A web database of its own (role web; `connectionString` as for openWebDatabase) whose statements lose every condition on a Betrieb's or
 * Vermittler's number before they are sent, and that tells the application everybody is a Supervisor. Needs a process of its own: it changes pg.
 */
export function openOhneFilter(connectionString: string): OhneFilter {
  if (!eingebaut) einbauen()
  eingebaut = true
  const web = openWebDatabase(`${connectionString}?application_name=${NAME}`)
  return {
    web: { ...web, withSession: (token, work) => web.withSession(token, (db, person) => work(db, { ...person, rolle: 'SUPERVISOR' })) },
    gestrichen: () => gestrichen,
  }
}

/** The condition holds always, and its value stays typed and counted. */
export function streiche(text: string): string {
  return text.replace(BEDINGUNG, (bedingung: string, liste: string | undefined, wert: string, stelle: number) => {
    if (wirdGesetzt(text.slice(0, stelle))) return bedingung
    gestrichen++
    return `(${wert}::integer${liste ? '[]' : ''} IS NULL OR true)`
  })
}

/** `UPDATE … SET vermittler_id = $1` is no condition. */
function wirdGesetzt(davor: string): boolean {
  return /\bset\b(?!.*\b(?:where|and|on|when)\b)/is.test(davor.slice(davor.toLowerCase().lastIndexOf('update')))
}

function einbauen(): void {
  const { query } = pg.Client.prototype as { query: (...args: unknown[]) => unknown }
  pg.Client.prototype.query = function (this: { connectionParameters: { application_name?: string } }, anfrage: unknown, ...rest: unknown[]) {
    if (this.connectionParameters.application_name !== NAME) return query.call(this, anfrage, ...rest)
    const text = anfrage as { text?: string } | string
    const ohne = typeof text === 'string' ? streiche(text) : typeof text.text === 'string' ? { ...text, text: streiche(text.text) } : anfrage
    return query.call(this, ohne, ...rest)
  } as never
}
