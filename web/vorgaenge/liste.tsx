import { ERLEDIGT_TAGE, type Gruppe, type Vorgangszeile } from '../../db/vorgangsliste.ts'
import { SEITENLAENGE } from '../../db/arbeitsvorrat.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { gevoTitel } from '../faelle/worte.ts'
import { mehrzahl, nameListe, tagWort, uhrzeit, zahl } from '../format.ts'
import { type Vermittlerwahl, Vermittlerfilter } from '../geschaeftsvorfaelle/filter.tsx'
import { pfade } from '../pfade.ts'
import { Leer, Tag, Verborgen } from '../teile.tsx'

const TITEL: Record<Gruppe, string> = { UEBERFAELLIG: 'Überfällig', HEUTE: 'Heute', KOMMEND: 'Kommend', ERLEDIGT: 'Erledigt' }
export const SEITENNAMEN: Record<Gruppe, string> = { UEBERFAELLIG: 'ueberfaellig', HEUTE: 'heute', KOMMEND: 'kommend', ERLEDIGT: 'erledigt' }

/** Which list is open: its filter and pages, as they stand in its query. Every way that leads back to it takes them along. */
export type Listenfelder = Readonly<Record<string, string>>

export function mitListe(pfad: string, felder: Listenfelder): string {
  const query = new URLSearchParams(felder).toString()
  return query ? `${pfad}${pfad.includes('?') ? '&' : '?'}${query}` : pfad
}

export interface Vorgangsansicht {
  zeilen: readonly Vorgangszeile[]
  zahlen: Record<Gruppe, number>
  seiten: Partial<Record<Gruppe, number>>
  wahl: Vermittlerwahl
  felder: Listenfelder
  heute: string
  supervisor: boolean
}

export const Vorgangsliste = (a: Vorgangsansicht) => {
  const offen = a.zahlen.UEBERFAELLIG + a.zahlen.HEUTE + a.zahlen.KOMMEND
  return (
    <div id="vorgaenge" class="stapel">
      <header>
        <h1 tabindex={-1}>Vorgänge</h1>
        <p>
          {mehrzahl(offen, 'offene Wiedervorlage', 'offene Wiedervorlagen')}
          {a.zahlen.UEBERFAELLIG > 0 && `, ${zahl(a.zahlen.UEBERFAELLIG)} überfällig`}
        </p>
        <a class="knopf haupt" href={mitListe(pfade.vorgangNeu(), a.felder)}>
          Vorgang anlegen
        </a>
      </header>
      <Vermittlerfilter wahl={a.wahl} pfad={pfade.vorgaenge()} />
      {offen === 0 && (
        <Leer titel="Keine offene Wiedervorlage.">
          <p>Wiedervorlagen legen Sie aus einem Fall an („Übernahme Vorgänge“) oder hier von Hand.</p>
        </Leer>
      )}
      {(['UEBERFAELLIG', 'HEUTE', 'KOMMEND'] as const).map((gruppe) => a.zahlen[gruppe] > 0 && <Gruppentabelle {...a} gruppe={gruppe} />)}
      {a.zahlen.ERLEDIGT > 0 && (
        <details class="falte" open={a.seiten.ERLEDIGT !== undefined}>
          <summary>
            In den letzten {ERLEDIGT_TAGE} Tagen erledigt ({zahl(a.zahlen.ERLEDIGT)})
          </summary>
          <Gruppentabelle {...a} gruppe="ERLEDIGT" />
        </details>
      )}
    </div>
  )
}

const Gruppentabelle = (a: Vorgangsansicht & { gruppe: Gruppe }) => (
  <section aria-label={TITEL[a.gruppe]}>
    {a.gruppe !== 'ERLEDIGT' && (
      <h2 class="gruppentitel">
        {TITEL[a.gruppe]} <span class="still">{zahl(a.zahlen[a.gruppe])}</span>
      </h2>
    )}
    <table class="faelle">
      <caption class="nur-vorlesen">{TITEL[a.gruppe]}</caption>
      <thead class="nur-vorlesen">
        <tr>
          <th scope="col">Vorgang</th>
          <th scope="col">{a.gruppe === 'ERLEDIGT' ? 'Erledigt' : 'Fällig'}</th>
          {a.supervisor && <th scope="col">Vermittler</th>}
          <th scope="col">Aktionen</th>
        </tr>
      </thead>
      <tbody>
        {a.zeilen
          .filter((z) => z.gruppe === a.gruppe)
          .map((z) => (
            <Zeile z={z} a={a} />
          ))}
      </tbody>
    </table>
    <Blaettern {...a} />
  </section>
)

const Zeile = ({ z, a }: { z: Vorgangszeile; a: Vorgangsansicht }) => {
  const wann = z.gruppe === 'ERLEDIGT' && z.erledigt_am ? z.erledigt_am : z.faellig_am
  return (
    <tr id={`vorgang-${z.id}`} data-vorgang={z.id} class={z.gruppe === 'ERLEDIGT' ? 'erledigt' : undefined}>
      <td>
        <a class="name" id={`vorgang-name-${z.id}`} href={pfade.fall(z.fall_id)}>
          {z.titel}
        </a>
        <small>
          {nameListe({ name: z.name, vorname: z.vorname, titel: z.kundentitel })} · {z.gevo === 'VORGANG' ? 'von Hand' : gevoTitel(z.gevo)}
          {z.notiz && ` · ${z.notiz}`}
        </small>
      </td>
      <td class="kontakt">
        {z.status === 'FAELLIG' || z.gruppe === 'UEBERFAELLIG' ? (
          <Tag art={z.gruppe === 'UEBERFAELLIG' ? 'spaet' : 'bald'}>
            fällig {tagWort(berlinTag(wann), a.heute)}, {uhrzeit(wann)}
          </Tag>
        ) : (
          `${tagWort(berlinTag(wann), a.heute)}, ${uhrzeit(wann)}`
        )}
      </td>
      {a.supervisor && <td class="kontakt still">{z.vermittler}</td>}
      <td class="r">
        {z.gruppe !== 'ERLEDIGT' && (
          <div class="taten">
            <Tat z={z} pfad={mitListe(pfade.vorgangErledigung(z.id), a.felder)} text="Erledigt" />
            <a class="knopf leise" href={mitListe(pfade.vorgangTermin(z.id), a.felder)} aria-describedby={`vorgang-name-${z.id}`}>
              Verschieben
            </a>
            <Tat z={z} pfad={mitListe(pfade.vorgangLoeschung(z.id), a.felder)} text="Löschen" leise />
          </div>
        )}
      </td>
    </tr>
  )
}

/** One click, no question: what was deleted by mistake is made again as quickly. */
const Tat = ({ z, pfad, text, leise = false }: { z: Vorgangszeile; pfad: string; text: string; leise?: boolean }) => (
  <form method="post" action={pfad} hx-post={pfad} hx-target="#vorgaenge" hx-swap="outerHTML" hx-disable="find button">
    <Verborgen felder={{ aktion: crypto.randomUUID(), gesehen: z.version }} />
    <button class={leise ? 'leise' : undefined} aria-describedby={`vorgang-name-${z.id}`}>
      {text}
    </button>
  </form>
)

const Blaettern = (a: Vorgangsansicht & { gruppe: Gruppe }) => {
  const gesamt = a.zahlen[a.gruppe]
  const seite = a.seiten[a.gruppe] ?? 1
  if (gesamt <= SEITENLAENGE && seite === 1) return <></>
  const [von, bis] = [(seite - 1) * SEITENLAENGE + 1, Math.min(seite * SEITENLAENGE, gesamt)]
  const pfad = (n: number): string => {
    const felder = new URLSearchParams(a.wahl.vermittler === undefined ? {} : { vermittler: String(a.wahl.vermittler) })
    felder.set(SEITENNAMEN[a.gruppe], String(n))
    return `${pfade.vorgaenge()}?${felder}`
  }
  return (
    <nav class="blaettern" aria-label={`Seiten: ${TITEL[a.gruppe]}`}>
      {seite > 1 && (
        <a class="knopf" rel="prev" href={pfad(seite - 1)}>
          Vorige
        </a>
      )}
      <span>{`${zahl(von)}–${zahl(bis)} von ${zahl(gesamt)}`}</span>
      {bis < gesamt && (
        <a class="knopf" rel="next" href={pfad(seite + 1)}>
          Nächste
        </a>
      )}
    </nav>
  )
}
