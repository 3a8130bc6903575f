import type { Gevozahlen, Lage } from '../../db/arbeitszahlen.ts'
import { katalog } from '../../gevos/katalog.ts'
import type { Gevo, Gruppe } from '../../gevos/gevo.ts'
import { mehrzahl, tag, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { GRUPPEN } from '../regeln/worte.ts'
import { Leer, Tag, Taste } from '../teile.tsx'
import { Tastenhilfe } from '../faelle/tastenhilfe.tsx'
import { type Vermittlerwahl, Vermittlerfilter } from './filter.tsx'
import { Nachthinweis } from './nachthinweis.tsx'

export interface Uebersichtsansicht {
  zahlen: readonly Gevozahlen[]
  lage: Lage
  /** Codes of the rules this Betrieb has switched off. */
  aus: ReadonlySet<string>
  wahl: Vermittlerwahl
  heute: string
  supervisor: boolean
}

/** All Geschäftsvorfälle, the urgent group first; the counts belong to what the filter shows. */
export const Uebersicht = (a: Uebersichtsansicht) => {
  const offen = a.zahlen.reduce((summe, z) => summe + z.offen, 0)
  const spaet = a.zahlen.reduce((summe, z) => summe + z.ueberfaellig, 0)
  return (
    <>
      <header>
        <h1>Geschäftsvorfälle</h1>
        <p>
          {mehrzahl(offen, 'offener Fall', 'offene Fälle')}
          {spaet > 0 && `, ${zahl(spaet)} überfällig`}
        </p>
        {offen > 0 && (
          <a class="knopf haupt" href={naechsterPfad(a.wahl.vermittler)} aria-keyshortcuts="n">
            Nächster Fall <Taste>n</Taste>
          </a>
        )}
      </header>
      <Vermittlerfilter wahl={a.wahl} pfad={pfade.geschaeftsvorfaelle()} />
      {!a.lage.anlauf && <Anlaufhinweis supervisor={a.supervisor} />}
      {a.lage.nacht && <Nachthinweis nacht={a.lage.nacht} pfad={pfade.geschaeftsvorfaelle({ vermittler: a.wahl.vermittler })} />}
      {offen === 0 && <Nichts {...a} />}
      {a.lage.kunden && <Tabelle {...a} />}
      <Tastenhilfe />
    </>
  )
}

/** What is switched off and has nothing left to work stands last in its group. */
const Tabelle = ({ zahlen, aus, wahl, heute, supervisor }: Uebersichtsansicht) => {
  const zahlenVon = ({ code }: Gevo) => zahlen.find(({ gevo }) => gevo === code)
  const ruht = (gevo: Gevo) => aus.has(gevo.code) && !zahlenVon(gevo)
  return (
    <table class="kompakt uebersicht">
      <caption class="nur-vorlesen">Geschäftsvorfälle nach Dringlichkeit</caption>
      <thead>
        <tr>
          <th scope="col">Geschäftsvorfall</th>
          <th scope="col" class="r">
            Offen
          </th>
          <th scope="col">Seit heute Nacht</th>
          <th scope="col">Nächste Frist</th>
        </tr>
      </thead>
      {(Object.keys(GRUPPEN) as Gruppe[]).map((gruppe) => {
        const gevos = katalog.filter((g) => g.gruppe === gruppe).toSorted((a, b) => Number(ruht(a)) - Number(ruht(b)))
        if (gevos.length === 0) return <></>
        return (
          <tbody>
            <tr class="gruppe">
              <th colspan={4} scope="rowgroup">
                {GRUPPEN[gruppe]}
              </th>
            </tr>
            {gevos.map((gevo) => (
              <Gevozeile gevo={gevo} zahlen={zahlenVon(gevo)} aus={aus.has(gevo.code)} {...{ wahl, heute, supervisor }} />
            ))}
          </tbody>
        )
      })}
    </table>
  )
}

interface ZeileProps extends Pick<Uebersichtsansicht, 'wahl' | 'heute' | 'supervisor'> {
  gevo: Gevo
  zahlen: Gevozahlen | undefined
  aus: boolean
}

const Gevozeile = ({ gevo, zahlen, aus, wahl, heute, supervisor }: ZeileProps) => (
  <tr class={zahlen ? undefined : 'leerzeile'} data-pfad={pfade.gevo(gevo.key, { vermittler: wahl.vermittler })}>
    <td>
      <a class="name" id={`gevo-${gevo.code}`} href={pfade.gevo(gevo.key, { vermittler: wahl.vermittler })}>
        {gevo.titel}
      </a>
      <small>{gevo.kurz}</small>
    </td>
    <td class="r zahl">{aus && !zahlen ? '' : zahl(zahlen?.offen ?? 0)}</td>
    <td>{zahlen && zahlen.neu > 0 && <Tag art="neu">{zahl(zahlen.neu)} neu</Tag>}</td>
    <td>
      {aus && <Ausgeschaltet gevo={gevo} supervisor={supervisor} />}
      {zahlen?.naechsteFrist && `${tag(zahlen.naechsteFrist, heute)} `}
      {zahlen && zahlen.ueberfaellig > 0 && <Tag art="spaet">{zahl(zahlen.ueberfaellig)} überfällig</Tag>}{' '}
      {zahlen && zahlen.bald > 0 && <Tag art="bald">{zahl(zahlen.bald)} in 7 Tagen</Tag>}
    </td>
  </tr>
)

const Ausgeschaltet = ({ gevo, supervisor }: { gevo: Gevo; supervisor: boolean }) =>
  supervisor ? (
    <a class="still" href={pfade.regel(gevo.key)}>
      ausgeschaltet<span class="nur-vorlesen">: {gevo.titel} einstellen</span>
    </a>
  ) : (
    <span class="still">ausgeschaltet</span>
  )

const Anlaufhinweis = ({ supervisor }: { supervisor: boolean }) => (
  <p class="grund">
    Die Nächte sind noch nicht freigegeben: Bis dahin sucht der Nachtlauf keine Fälle.{' '}
    {supervisor ? <a href={pfade.anlauf()}>Regeln prüfen und Nächte freigeben</a> : 'Die Freigabe erteilt Ihr Supervisor.'}
  </p>
)

const Nichts = ({ lage, supervisor }: Uebersichtsansicht) => {
  if (!lage.kunden)
    return (
      <Leer titel="Noch keine Kunden">
        <p>
          {supervisor ? (
            <>
              <a href={pfade.importe()}>Bestand importieren</a> (GDV), oder <a href={pfade.kundeNeu()}>einen Kunden anlegen</a>.
            </>
          ) : (
            <>
              Ihr Supervisor importiert den Bestand. Einzelne Kunden können Sie <a href={pfade.kundeNeu()}>selbst anlegen</a>.
            </>
          )}
        </p>
      </Leer>
    )
  if (lage.nacht) return <></>
  const morgen = lage.morgen > 0 ? ` ${mehrzahl(lage.morgen, 'Wiedervorlage', 'Wiedervorlagen')} morgen.` : ''
  return (
    <Leer titel={lage.erledigt > 0 ? 'Heute ist alles erledigt.' : 'Zurzeit ist kein Fall offen.'}>
      <p>Der nächste Nachtlauf sieht den Bestand wieder durch.{morgen}</p>
    </Leer>
  )
}

function naechsterPfad(vermittler: number | undefined): string {
  return `${pfade.naechsterFall('alle')}${vermittler === undefined ? '' : `?vermittler=${vermittler}`}`
}
