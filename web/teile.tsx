/** Small parts that several screens share. Plain functions of what they show. */
import type { Child } from 'hono/jsx'

/** Faults of a form by field name; '' holds what concerns the form as a whole. */
export type Fehler = Readonly<Record<string, string>>

interface FeldProps {
  name: string
  label: string
  wert?: string | null | undefined
  fehler?: Fehler | undefined
  /** A line below the label that says what belongs here. */
  hinweis?: string | undefined
  typ?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'number'
  autocomplete?: string | undefined
  inputmode?: 'numeric' | 'decimal' | 'tel' | 'email'
  pflicht?: boolean
  maxlength?: number
  autofocus?: boolean
  /** Rows: a text area instead of one line. */
  zeilen?: number
  /** Keeps ids apart where a page holds several forms with equal names. */
  form?: string
  /** A button inside the field, at its end. */
  neben?: Child
}

/** A labelled field with its fault beside it; the typed text is kept. */
export function Feld({ name, label, wert, fehler = {}, hinweis, typ = 'text', pflicht, zeilen, form, neben, ...rest }: FeldProps) {
  const id = feldId(name, form)
  const eingabe = { id, name, required: pflicht, ...rest, ...beschrieben(id, name, fehler, hinweis) }
  return (
    <div class="feld">
      <label for={id}>
        {label}
        {pflicht ? '' : <small> freiwillig</small>}
      </label>
      {hinweis && (
        <p class="hinweis" id={`${id}-hinweis`}>
          {hinweis}
        </p>
      )}
      {zeilen ? (
        <textarea rows={zeilen} {...eingabe}>
          {wert ?? ''}
        </textarea>
      ) : (
        <div class={neben ? 'mit-knopf' : undefined}>
          <input type={typ} value={wert ?? ''} {...eingabe} />
          {neben}
        </div>
      )}
      <Fehlertext id={id} text={fehler[name]} />
    </div>
  )
}

interface AuswahlProps {
  name: string
  label: string
  wert?: string | null | undefined
  /** Code → words; order as given. */
  werte: readonly (readonly [code: string, text: string])[]
  /** Text of the empty entry; without it nothing can be left open. */
  leer?: string
  fehler?: Fehler | undefined
  hinweis?: string | undefined
  pflicht?: boolean
  form?: string
}

/** A drop-down list. */
export function Auswahl({ name, label, wert, werte, leer, fehler = {}, hinweis, pflicht, form }: AuswahlProps) {
  const id = feldId(name, form)
  return (
    <div class="feld">
      <label for={id}>{label}</label>
      {hinweis && (
        <p class="hinweis" id={`${id}-hinweis`}>
          {hinweis}
        </p>
      )}
      <select id={id} name={name} required={pflicht} {...beschrieben(id, name, fehler, hinweis)}>
        {leer !== undefined && <option value="">{leer}</option>}
        {werte.map(([code, text]) => (
          <option value={code} selected={code === wert}>
            {text}
          </option>
        ))}
      </select>
      <Fehlertext id={id} text={fehler[name]} />
    </div>
  )
}

/** Radio buttons as chips: all choices in sight, nothing chosen unless `wert` says so. */
export function Wahl({ name, label, wert, werte, fehler = {}, pflicht, form }: Omit<AuswahlProps, 'leer' | 'hinweis'>) {
  const id = feldId(name, form)
  return (
    <fieldset class="feld" id={id} {...beschrieben(id, name, fehler)}>
      <legend>{label}</legend>
      <div class="wahl">
        {werte.map(([code, text]) => (
          <label>
            <input type="radio" id={`${id}-${code}`} name={name} value={code} checked={code === wert} required={pflicht} />
            {text}
          </label>
        ))}
      </div>
      <Fehlertext id={id} text={fehler[name]} />
    </fieldset>
  )
}

/** A tick box with its sentence. */
export function Haken({ name, text, an, form }: { name: string; text: Child; an?: boolean; form?: string }) {
  const id = feldId(name, form)
  return (
    <label class="haken">
      <input type="checkbox" id={id} name={name} value="1" checked={an} />
      <span>{text}</span>
    </label>
  )
}

/** The faults of a form in one place above it, each leading to its field; app.js sets the focus here. */
export function Fehlerliste({ fehler, form }: { fehler: Fehler; form?: string }) {
  const eintraege = Object.entries(fehler)
  if (eintraege.length === 0) return null
  return (
    <div class="fehlerliste" tabindex={-1} data-fokus>
      <strong>{getKopf(Object.keys(fehler))}</strong>
      <ul>
        {eintraege.map(([name, text]) => (
          <li>{name === '' ? text : <a href={`#${feldId(name, form)}`}>{text}</a>}</li>
        ))}
      </ul>
    </div>
  )
}

/** What belongs to no field ('') is not the typing person's mistake. */
function getKopf(felder: readonly string[]): string {
  if (felder.every((feld) => feld === '')) return 'Das hat nicht geklappt'
  return felder.length === 1 ? 'Eine Angabe fehlt oder passt nicht' : `${felder.length} Angaben fehlen oder passen nicht`
}

/** Hidden fields of a form, such as the action id and the version somebody saw. */
export function Verborgen({ felder }: { felder: Record<string, string | number> }) {
  return (
    <>
      {Object.entries(felder).map(([name, wert]) => (
        <input type="hidden" name={name} value={String(wert)} />
      ))}
    </>
  )
}

export type Marke = 'neu' | 'spaet' | 'bald' | 'fertig' | ''

/** A small tag; the colour never says more than the word. */
export function Tag({ art = '', children }: { art?: Marke; children?: Child }) {
  return <span class={`tag ${art}`}>{children}</span>
}

export type Portal = 'EINGELADEN' | 'AKTIV' | 'GESPERRT' | null | undefined

const PORTAL = { AKTIV: 'Kundenportal aktiv', EINGELADEN: 'zum Kundenportal eingeladen', GESPERRT: 'Kundenportal gesperrt' } as const

/** A mobile phone: outline = no portal, three dots = invited, green tick = active; always with its text. */
export function Handy({ portal }: { portal: Portal }) {
  const text = portal ? PORTAL[portal] : 'kein Kundenportal'
  return (
    <svg class={`handy${portal === 'AKTIV' ? ' da' : ''}`} width="18" height="17" viewBox="0 0 18 17" role="img" aria-label={text}>
      <title>{text}</title>
      <rect x="3" y="1.5" width="8.5" height="14" rx="1.8" fill="none" stroke="currentColor" stroke-width="1.3" />
      {portal === 'AKTIV' && (
        <>
          <circle class="scheibe" cx="13" cy="12" r="4.6" />
          <path class="strich" d="m11 12 1.5 1.5 2.6-2.8" stroke-width="1.3" fill="none" />
        </>
      )}
      {portal === 'EINGELADEN' && [10.5, 13.2, 15.9].map((x) => <circle cx={x} cy="12.6" r="1" fill="currentColor" />)}
      {portal === 'GESPERRT' && <path d="m10.5 9.5 5 5m0-5-5 5" stroke="currentColor" stroke-width="1.3" fill="none" />}
    </svg>
  )
}

/** The face of the three-bar button; put it into a <button class="striche" aria-label="Aktionen: Weber, Anna">. */
export function Striche() {
  return (
    <>
      <span />
      <span />
      <span />
    </>
  )
}

/** Nothing here: says what that means and what comes next. */
export function Leer({ titel, children }: { titel: string; children?: Child }) {
  return (
    <div class="leer">
      <p>
        <strong>{titel}</strong>
      </p>
      {children}
    </div>
  )
}

/** A key as printed on the keyboard. */
export function Taste({ children }: { children?: Child }) {
  return <kbd aria-hidden="true">{children}</kbd>
}

function Fehlertext({ id, text }: { id: string; text: string | undefined }) {
  return text === undefined ? null : (
    <p class="fehler" id={`${id}-fehler`}>
      {text}
    </p>
  )
}

export function feldId(name: string, form?: string): string {
  return form ? `${form}-${name}` : `feld-${name}`
}

function beschrieben(id: string, name: string, fehler: Fehler, hinweis?: string): Record<string, string | undefined> {
  const ids = [hinweis && `${id}-hinweis`, fehler[name] !== undefined && `${id}-fehler`].filter(Boolean)
  return { 'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined, 'aria-invalid': fehler[name] === undefined ? undefined : 'true' }
}
