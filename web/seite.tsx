/** The frame around every page, and the answers a route gives: page, fragment, redirect. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { FAELLIG_HOECHSTENS, type Rahmen, getRahmen } from '../db/rahmen.ts'
import type { Person } from '../db/sitzung.ts'
import { zahl, zahlBis, zeitpunkt } from './format.ts'
import { pfade } from './pfade.ts'
import { gibtStatisch, statisch } from './statisch.ts'
import { Taste } from './teile.tsx'
import type { Env } from './umgebung.ts'

export type Menuepunkt =
  | 'geschaeftsvorfaelle'
  | 'vorgaenge'
  | 'kunden'
  | 'chat'
  | 'importe'
  | 'nachtlaeufe'
  | 'regeln'
  | 'hilfe'
  | 'mitarbeiter'
  | 'betrieb'
  | 'system'
  | 'profil'
  | 'postausgang'

export interface Seitenkopf {
  titel: string
  /** The menu entry that is marked as the current one. */
  aktiv?: Menuepunkt
  status?: ContentfulStatusCode
  /** Further style sheets and scripts of web/static, by file name. */
  stile?: readonly string[]
  skripte?: readonly string[]
  /** A table beside a panel: the page uses the full width. */
  breit?: boolean
}

/** No settling: htmx would carry a resized text area's style attribute over, which the CSP refuses. */
const HTMX = JSON.stringify({ noSwap: [204, 304, '5xx'], defaultTimeout: 15_000, defaultSettleDelay: 0, history: 'reload' })
/** Texts that survive one redirect, so that also a browser without JavaScript hears what happened. */
const MELDUNG = 'meldung'

/** The whole page; a partial request of htmx gets only the content. */
export async function seite(c: Context<Env>, kopf: Seitenkopf, content: Child): Promise<Response> {
  if (isPartial(c)) return fragment(c, content, kopf.status === undefined ? {} : { status: kopf.status })
  c.header('Vary', 'HX-Request-Type', { append: true })
  const rahmen = await getRahmen(c.var.db)
  const { person, heute } = c.var
  return c.html(
    await dokument(
      kopf,
      anzeige(person),
      <div class="pult">
        <a class="sprung" href="#inhalt">
          Zum Inhalt
        </a>
        <Leiste person={person} rahmen={rahmen} aktiv={kopf.aktiv} />
        <header class="kopf">
          <form class="suche" role="search" action={pfade.kunden()}>
            <input
              type="search"
              name="q"
              id="suche"
              value={kopf.aktiv === 'kunden' ? (c.req.query('q') ?? '') : ''}
              placeholder="Kunde, Vertrag, Scheinnummer …"
              aria-label="Kunden und Verträge suchen"
              aria-keyshortcuts="/"
              autocomplete="off"
            />
            <Taste>/</Taste>
            <button type="submit" class="nur-vorlesen" tabindex={-1}>
              Suchen
            </button>
          </form>
          <p id="stand" class="stand">
            <Stand rahmen={rahmen} heute={heute} />
          </p>
        </header>
        <main id="inhalt" class={kopf.breit ? 'breit' : undefined} tabindex={-1}>
          {content}
        </main>
        <Meldungen text={takeMeldung(c)} />
      </div>,
    ),
    kopf.status ?? 200,
  )
}

/** A page before anybody is known, or one that must not ask the database (login, faults). */
export async function schlichteSeite(c: Context, kopf: Seitenkopf, content: Child): Promise<Response> {
  return c.html(
    await dokument(
      kopf,
      {},
      <div class="tor">
        <main id="inhalt" class={kopf.breit ? 'weit' : undefined} tabindex={-1}>
          <p class="marke">
            <i />
            Vorgangsmanagement
          </p>
          {content}
        </main>
        <Meldungen text={takeMeldung(c)} />
      </div>,
    ),
    kopf.status ?? 200,
  )
}

/** Only what changed, for htmx. `meldung` is announced and shown for a moment. */
export async function fragment(
  c: Context,
  content: Child,
  { status, meldung }: { status?: ContentfulStatusCode; meldung?: Child } = {},
): Promise<Response> {
  c.header('Vary', 'HX-Request-Type', { append: true })
  return c.html(
    <>
      {content}
      {meldung !== undefined && <hx-partial hx-target="#meldung">{meldung}</hx-partial>}
    </>,
    status ?? 200,
  )
}

function faelligText(n: number): string {
  return n === 0 ? '' : zahlBis(n, FAELLIG_HOECHSTENS)
}

/** The counts of menu and header, to be put into the answer to an action that may have changed them. */
export async function zaehler(c: Context<Env>): Promise<Child> {
  const rahmen = await getRahmen(c.var.db)
  const { faelle, faellig, klaeren } = rahmen
  return (
    <>
      <hx-partial hx-target="#zahl-geschaeftsvorfaelle">{zahl(faelle)}</hx-partial>
      <hx-partial hx-target="#zahl-vorgaenge">{faelligText(faellig)}</hx-partial>
      {c.var.person.rolle === 'SUPERVISOR' && <hx-partial hx-target="#zahl-importe">{klaeren === 0 ? '' : zahl(klaeren)}</hx-partial>}
      <hx-partial hx-target="#stand">
        <Stand rahmen={rahmen} heute={c.var.heute} />
      </hx-partial>
    </>
  )
}

/** 303 to the page that shows what was done (or HX-Redirect for htmx); `meldung` appears there once. */
export function weiter(c: Context, pfad: string, meldung?: string): Response {
  if (meldung) setCookie(c, MELDUNG, meldung, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 30 })
  if (!isPartial(c)) return c.redirect(pfad, 303)
  c.header('HX-Redirect', pfad)
  return c.body(null, 204)
}

/** Whether htmx asked for a piece of the page. */
export function isPartial(c: Context): boolean {
  return c.req.header('HX-Request-Type') === 'partial'
}

function takeMeldung(c: Context): string | undefined {
  const text = getCookie(c, MELDUNG)
  if (text !== undefined) deleteCookie(c, MELDUNG, { path: '/' })
  return text
}

/** Whose page it is and how the person wants it: the theme, and whether single keys act (WCAG 2.1.4). */
interface Anzeige {
  person?: number
  thema?: 'hell' | 'dunkel'
  tasten?: 'aus'
}

function anzeige({ id, einstellungen: { thema, tasten } }: Person): Anzeige {
  return { person: id, ...((thema === 'hell' || thema === 'dunkel') && { thema }), ...(tasten === false && { tasten: 'aus' }) }
}

/** A plain string: that is written out as it is, while of hono's own the server makes a stream (an eighth of what a list costs this process). */
async function dokument({ titel, stile = [], skripte = [] }: Seitenkopf, { person, thema, tasten }: Anzeige, inhalt: Child): Promise<string> {
  const seite = await html`<!doctype html>${(
      <html lang="de" class={thema} data-tasten={tasten} data-person={person}>
        <head>
          <meta charset="utf-8" />
          <title>{`${titel} · Vorgangsmanagement`}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content={thema === 'hell' ? 'light' : thema === 'dunkel' ? 'dark' : 'light dark'} />
          <meta name="htmx-config" content={HTMX} />
          <link rel="icon" href={statisch('zeichen.svg')} type="image/svg+xml" />
          {['basis.css', ...stile.filter(gibtStatisch)].map((datei) => (
            <link rel="stylesheet" href={statisch(datei)} />
          ))}
          {['htmx.js', 'app.js', ...skripte.filter(gibtStatisch)].map((datei) => (
            <script src={statisch(datei)} defer />
          ))}
        </head>
        <body>{inhalt}</body>
      </html>
    )}`
  return seite.toString()
}

function Leiste({ person, rahmen, aktiv }: { person: Person; rahmen: Rahmen; aktiv: Menuepunkt | undefined }) {
  const punkt = (name: Menuepunkt, href: string, text: string, zahlDavon?: Child) => (
    <a href={href} aria-current={aktiv === name ? 'page' : undefined}>
      {text}
      {zahlDavon}
    </a>
  )
  return (
    <nav class="leiste" aria-label="Menü">
      <p class="marke">
        <i />
        Vorgangsmanagement
      </p>
      {punkt('geschaeftsvorfaelle', pfade.geschaeftsvorfaelle(), 'Geschäftsvorfälle', <b id="zahl-geschaeftsvorfaelle">{zahl(rahmen.faelle)}</b>)}
      {punkt(
        'vorgaenge',
        pfade.vorgaenge(),
        'Vorgänge',
        <b id="zahl-vorgaenge" class="spaet" title="fällige Wiedervorlagen">
          {faelligText(rahmen.faellig)}
        </b>,
      )}
      {punkt('kunden', pfade.kunden(), 'Kunden')}
      <button type="button" class="mehr-knopf" popovertarget="mehr" aria-label="Mehr Menüpunkte">
        Mehr
      </button>
      <div id="mehr" class="mehr" popover="auto">
        <span class="aus">
          Chat <small>kommt später</small>
        </span>
        {person.rolle === 'SUPERVISOR' && (
          <>
            <hr />
            {punkt(
              'importe',
              pfade.importe(),
              'Importe',
              <b id="zahl-importe" class="spaet" title="zu klären">
                {rahmen.klaeren === 0 ? '' : zahl(rahmen.klaeren)}
              </b>,
            )}
            {punkt('nachtlaeufe', pfade.nachtlaeufe(), 'Nachtläufe')}
            {punkt('regeln', pfade.regeln(), 'Regeln')}
            {punkt('mitarbeiter', pfade.mitarbeiter(), 'Mitarbeiter')}
            {punkt('betrieb', pfade.betrieb(), 'Betrieb')}
            {punkt('system', pfade.system(), 'System')}
          </>
        )}
        <footer>
          <p>
            {person.vorname} {person.name} · {person.rolle === 'SUPERVISOR' ? 'Supervisor' : 'Vermittler'}
            <br />
            {[person.betrieb, person.betriebOrt].filter(Boolean).join(', ')}
          </p>
          <div class="taten">
            {punkt('profil', pfade.profil(), 'Mein Profil')}
            {punkt('hilfe', pfade.hilfeGevos(), 'Hilfe')}
            <form method="post" action={pfade.abmelden()}>
              <button class="leise">Abmelden</button>
            </form>
          </div>
        </footer>
      </div>
    </nav>
  )
}

function Stand({ rahmen: { nachtlauf }, heute }: { rahmen: Rahmen; heute: string }) {
  if (!nachtlauf) return <>Noch kein Nachtlauf</>
  return (
    <>
      Stand: {zeitpunkt(nachtlauf.beendetAm, heute)}
      {nachtlauf.neu > 0 && ` · ${zahl(nachtlauf.neu)} neu`}
    </>
  )
}

/** Live regions must stand in the page before they are filled; both are part of every page. */
function Meldungen({ text }: { text: string | undefined }) {
  return (
    <>
      <div id="meldung" class="toast" role="status">
        {text}
      </div>
      <div id="stoerung" class="toast stoerung" role="alert" />
    </>
  )
}
