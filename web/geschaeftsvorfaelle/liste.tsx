import type { Child } from 'hono/jsx'
import { ABSCHNITTE, type Abschnitt, FALTLAENGE, type Liste, SEITENLAENGE, isGefaltet } from '../../db/arbeitsvorrat.ts'
import type { Lage } from '../../db/arbeitszahlen.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { Zeile, type Listenkontext } from '../faelle/zeile.tsx'
import { Tastenhilfe } from '../faelle/tastenhilfe.tsx'
import { zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Taste } from '../teile.tsx'
import { type Vermittlerwahl, Vermittlerfilter } from './filter.tsx'
import { Listenkopfzahlen } from './kopfzahlen.tsx'
import { Nachthinweis } from './nachthinweis.tsx'

/** Query parameter of the page of each section. */
export const SEITENNAMEN: Record<Abschnitt, string> = { OFFEN: 'seite', WIEDERVORLAGE: 'wiedervorlage', ERLEDIGT: 'erledigt' }

export interface Listenansicht {
  gevo: Pick<Gevo, 'key' | 'code' | 'titel' | 'kurz'>
  liste: Liste
  wahl: Vermittlerwahl
  seiten: Partial<Record<Abschnitt, number>>
  /** The open Fall's panel. */
  panel: Child
  fall: number | undefined
  /** The Betrieb has switched the rule off; only told where nothing is left to work. */
  aus: boolean
  /** A night whose Fälle are still to come; only told where nothing is open. */
  nacht: Lage['nacht']
  heute: string
  supervisor: boolean
}

/** The Fälle of one GeVo with the open one beside them. */
export const Arbeitsliste = (a: Listenansicht) => {
  const { liste, gevo, wahl } = a
  const kontext: Listenkontext = { heute: a.heute, mitVermittler: a.supervisor }
  const zeilen = (abschnitt: Abschnitt): Child =>
    liste.zeilen.filter((z) => z.abschnitt === abschnitt).map((z) => <Zeile zeile={z} kontext={kontext} gewaehlt={z.id === a.fall} />)
  const erste = liste.zeilen.find((z) => z.abschnitt === 'OFFEN')
  return (
    <>
      <header>
        <h1 tabindex={-1}>{gevo.titel}</h1>
        <p id="kopfzahlen">
          <Listenkopfzahlen zahlen={liste.zahlen} />
        </p>
        <a href={`${pfade.hilfeGevos()}#${gevo.key}`}>Was ist das?</a>
        {erste && (
          <a class="knopf" href={pfade.fallWizard(erste.id)}>
            Wizard ab hier <Taste>w</Taste>
          </a>
        )}
      </header>
      <Vermittlerfilter wahl={wahl} pfad={pfade.gevo(gevo.key)} />
      <div class="liste-und-akte" data-naechster={naechsterPfad(a)}>
        <section id="liste" aria-label="Fälle">
          {liste.zahlen.OFFEN === 0 &&
            // A page that loads itself again would take an open form away.
            (a.nacht && a.fall === undefined ? <Nachthinweis nacht={a.nacht} pfad={listenpfad(a, {})} /> : <Leere {...a} />)}
          <table id="tabelle-OFFEN" class="faelle">
            <caption class="nur-vorlesen">{gevo.titel}: offene Fälle</caption>
            <Kopfzeile mitVermittler={a.supervisor} />
            <tbody id="zeilen-OFFEN">{zeilen('OFFEN')}</tbody>
          </table>
          <Blaettern {...a} abschnitt="OFFEN" />
          {(['WIEDERVORLAGE', 'ERLEDIGT'] as const).map((abschnitt) => (
            <details class="falte" id={`falte-${abschnitt}`} open={!isGefaltet(abschnitt, a.seiten)}>
              <summary>
                {abschnitt === 'WIEDERVORLAGE' ? 'Wiedervorlage' : 'Heute erledigt'} (
                <span id={`zahl-${abschnitt}`}>{zahl(liste.zahlen[abschnitt])}</span>)
              </summary>
              <table class="faelle">
                <caption class="nur-vorlesen">{abschnitt === 'WIEDERVORLAGE' ? 'Warten auf Wiedervorlage' : 'Heute erledigt'}</caption>
                <Kopfzeile mitVermittler={a.supervisor} />
                <tbody id={`zeilen-${abschnitt}`}>{zeilen(abschnitt)}</tbody>
              </table>
              <Blaettern {...a} abschnitt={abschnitt} />
            </details>
          ))}
        </section>
        <aside id="akte" class="akte" aria-label="Fall">
          {a.panel}
        </aside>
      </div>
      <a class="zur-liste knopf" href={listenpfad(a, {})}>
        Zurück zur Liste
      </a>
      <div id="menue" class="menue" popover="auto" />
      <Tastenhilfe liste />
    </>
  )
}

const Kopfzeile = ({ mitVermittler }: { mitVermittler: boolean }) => (
  <thead>
    <tr>
      <th scope="col">Kunde</th>
      <th scope="col">Letzter Kontakt</th>
      {mitVermittler && (
        <th scope="col" class="wer">
          Vermittler
        </th>
      )}
      <th scope="col">
        <span class="nur-vorlesen">Aktionen</span>
      </th>
    </tr>
  </thead>
)

const Leere = ({ gevo, liste: { zahlen }, wahl, aus, supervisor }: Listenansicht) => (
  <Leer
    titel={
      zahlen.ERLEDIGT > 0
        ? 'Heute ist alles erledigt.'
        : zahlen.WIEDERVORLAGE > 0
          ? 'Alle Fälle warten auf ihre Wiedervorlage.'
          : 'Kein offener Fall.'
    }
  >
    <p>
      {aus ? (
        <>
          Diese Regel ist ausgeschaltet, der Nachtlauf sucht nicht danach.{' '}
          {supervisor && (
            <>
              <a href={pfade.regelVorschau(gevo.key)}>Wer wäre betroffen?</a> <a href={pfade.regel(gevo.key)}>Einstellen</a>{' '}
            </>
          )}
        </>
      ) : wahl.vermittler === undefined ? (
        'Der nächste Nachtlauf sieht den Bestand wieder durch. '
      ) : (
        'Für diese Auswahl gibt es keine Fälle. '
      )}
      <a href={pfade.geschaeftsvorfaelle({ vermittler: wahl.vermittler })}>Alle Geschäftsvorfälle</a>
    </p>
  </Leer>
)

/** "51–100 von 238": nothing is cut silently. Above a fold stands how many there are, and is kept right while rows move into it. */
const Blaettern = (a: Listenansicht & { abschnitt: Abschnitt }) => {
  const gesamt = a.liste.zahlen[a.abschnitt]
  const seite = a.seiten[a.abschnitt] ?? 1
  const gefaltet = isGefaltet(a.abschnitt, a.seiten)
  const laenge = gefaltet ? FALTLAENGE : SEITENLAENGE
  if (gesamt <= laenge && seite === 1) return <></>
  const [von, bis] = [(seite - 1) * laenge + 1, Math.min(seite * laenge, gesamt)]
  const link = (nr: number): string => `${listenpfad(a, { [a.abschnitt]: nr })}${a.abschnitt === 'OFFEN' ? '' : `#falte-${a.abschnitt}`}`
  return (
    <nav
      class="blaettern"
      aria-label={`Seiten: ${a.abschnitt === 'OFFEN' ? 'offene Fälle' : a.abschnitt === 'ERLEDIGT' ? 'Heute erledigt' : 'Wiedervorlage'}`}
    >
      {seite > 1 && (
        <a class="knopf" rel="prev" href={link(seite - 1)}>
          Vorige
        </a>
      )}
      {!gefaltet && (
        <span>{von > gesamt ? `Hier ist keine Seite mehr, es sind ${zahl(gesamt)}.` : `${zahl(von)}–${zahl(bis)} von ${zahl(gesamt)}`}</span>
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

/** An unfolded section is named even on its first page: it stays unfolded. */
function listenpfad({ gevo, wahl, seiten }: Listenansicht, dann: Partial<Record<Abschnitt, number>>): string {
  const alle = { ...seiten, ...dann }
  const felder = new URLSearchParams()
  if (wahl.vermittler !== undefined) felder.set('vermittler', String(wahl.vermittler))
  for (const abschnitt of ABSCHNITTE)
    if ((alle[abschnitt] ?? 0) > (abschnitt === 'OFFEN' ? 1 : 0)) felder.set(SEITENNAMEN[abschnitt], String(alle[abschnitt]))
  return felder.size === 0 ? pfade.gevo(gevo.key) : `${pfade.gevo(gevo.key)}?${felder}`
}

function naechsterPfad({ gevo, wahl }: Listenansicht): string {
  return `${pfade.naechsterFall(gevo.key)}${wahl.vermittler === undefined ? '' : `?vermittler=${wahl.vermittler}`}`
}
