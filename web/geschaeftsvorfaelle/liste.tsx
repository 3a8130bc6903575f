import type { Child } from 'hono/jsx'
import { type Abschnitt, type Liste, isGefaltet } from '../../db/arbeitsvorrat.ts'
import type { Lage } from '../../db/arbeitszahlen.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { Zeile, type Listenkontext } from '../faelle/zeile.tsx'
import { Tastenhilfe } from '../faelle/tastenhilfe.tsx'
import { zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Taste } from '../teile.tsx'
import { Blaettern, type Seitenstand, listenpfad } from './blaettern.tsx'
import { Vermittlerfilter } from './filter.tsx'
import { Listenkopfzahlen } from './kopfzahlen.tsx'
import { Nachthinweis } from './nachthinweis.tsx'

export interface Listenansicht extends Seitenstand {
  gevo: Pick<Gevo, 'key' | 'code' | 'titel' | 'kurz'>
  liste: Liste
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
  const kontext: Listenkontext = { heute: a.heute, mitVermittler: a.supervisor, vermittler: wahl.vermittler }
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
          <a class="knopf" href={pfade.fallWizard(erste.id, { vermittler: wahl.vermittler })}>
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
          <Blaettern stand={a} abschnitt="OFFEN" gesamt={liste.zahlen.OFFEN} />
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
              <Blaettern stand={a} abschnitt={abschnitt} gesamt={liste.zahlen[abschnitt]} />
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

function naechsterPfad({ gevo, wahl }: Listenansicht): string {
  return `${pfade.naechsterFall(gevo.key)}${wahl.vermittler === undefined ? '' : `?vermittler=${wahl.vermittler}`}`
}
