import type { OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import { FRAGEN_JE_SEITE, type Kandidat, type Offenes, type Zweifel } from '../../db/importe-zweifel.ts'
import { SPARTEN, type Sparte } from '../../domain/sparten.ts'
import { falte } from '../../domain/suchtext.ts'
import { datum, mehrzahl, nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Leer, Verborgen } from '../teile.tsx'
import { Agenturnummern, type Mitglied } from './agenturnummern.tsx'
import { Blaettern, Reiter } from './reiter.tsx'
import { ZWEIFEL } from './worte.ts'

interface Ansicht {
  fragen: readonly Zweifel[]
  gesamt: number
  seite: number
  offenes: Offenes
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  fehler: Fehler
}

/** Persons nobody but a person can place: both sides next to each other, one word each. */
export const Klaeren = ({ fragen, gesamt, seite, offenes, offene, vermittler, fehler }: Ansicht) => (
  <>
    <header>
      <h1>Zu klären</h1>
      <p>{wartend(gesamt, offene.length)} auf Ihre Antwort</p>
    </header>
    <Reiter aktiv="klaeren" offenes={offenes} />
    <Agenturnummern offene={offene} vermittler={vermittler} zurueck={pfade.klaeren()} fehler={fehler} />
    {fragen.length === 0 ? (
      offene.length === 0 && (
        <Leer titel="Nichts zu klären">
          <p>Alle gelieferten Personen und Agenturnummern sind zugeordnet.</p>
        </Leer>
      )
    ) : (
      <p class="hinweis">
        Bis zu Ihrer Antwort warten diese Personen mit ihren Verträgen. Jede Antwort wird gemerkt und gilt auch für spätere Lieferungen.
      </p>
    )}
    {fragen.map((frage, stelle) => (
      <Frage frage={frage} naechste={fragen[stelle + 1]?.id ?? null} />
    ))}
    <Blaettern seite={seite} gesamt={gesamt} je={FRAGEN_JE_SEITE} pfad={pfade.klaeren} was="zu klären" />
  </>
)

/** "3 Personen und 1 Agenturnummer warten" */
function wartend(personen: number, nummern: number): string {
  const alle = [personen > 0 && mehrzahl(personen, 'Person', 'Personen'), nummern > 0 && mehrzahl(nummern, 'Agenturnummer', 'Agenturnummern')]
  if (personen + nummern === 0) return 'Niemand wartet'
  return `${alle.filter(Boolean).join(' und ')} ${personen + nummern === 1 ? 'wartet' : 'warten'}`
}

export const Frage = ({ frage: f, naechste }: { frage: Zweifel; naechste: number | null }) => {
  const geliefert = f.geliefert?.person ?? {}
  const titel = `Wer ist ${[geliefert['vorname'], geliefert['name']].filter(Boolean).join(' ')}?`
  return (
    <article class="blatt frage" id={`frage-${f.id}`} tabindex={-1} aria-labelledby={`frage-${f.id}-titel`}>
      <header>
        <h2 id={`frage-${f.id}-titel`}>{titel}</h2>
        <p class="hinweis">
          {f.art !== 'HAUSHALT' && ZWEIFEL[f.art]} Aus <a href={pfade.import(f.importId)}>{f.datei}</a>.
        </p>
      </header>
      <section class="rollbar" tabindex={0} aria-label={`Geliefert und bekannt nebeneinander: ${titel}`}>
        <table class="vergleich zahlen">
          <thead>
            <tr>
              <td />
              <th scope="col">Geliefert</th>
              {f.kandidaten.map((k) => (
                <th scope="col">
                  <a href={pfade.kunde(k.id)}>{k.nummer}</a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ZEILEN.map(([wort, geliefertes, bekanntes]) => {
              const links = geliefertes(geliefert)
              const rechts = f.kandidaten.map(bekanntes)
              return links === '' && rechts.every((wert) => wert === '') ? (
                <></>
              ) : (
                <tr>
                  <th scope="row">{wort}</th>
                  <td>{links || <span class="still">nicht genannt</span>}</td>
                  {rechts.map((wert) => (
                    <td>
                      <Wert wert={wert} anders={links !== '' && falte(wert) !== falte(links)} />
                    </td>
                  ))}
                </tr>
              )
            })}
            <tr>
              <th scope="row">Verträge</th>
              <td>
                <Vertragsliste
                  alle={(f.geliefert?.vertraege ?? []).map((v) => ({
                    sparte: v['sparte'] as Sparte,
                    vsnr: v['vsnr'] as string,
                    vu: v['vu'] as string,
                  }))}
                />
              </td>
              {f.kandidaten.map((k) => (
                <td>
                  <Vertragsliste alle={k.vertraege} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </section>
      <form method="post" action={pfade.klaerung(f.id)} hx-post={pfade.klaerung(f.id)} hx-target={`#frage-${f.id}`} hx-swap="outerHTML">
        <Verborgen felder={{ naechste: naechste ?? '' }} />
        <div class="taten">
          {f.kandidaten.map((k) => (
            <button class={f.kandidaten.length === 1 ? 'haupt' : undefined} name="antwort" value={`DERSELBE/${k.id}`}>
              Ist {f.kandidaten.length === 1 ? 'derselbe Kunde' : `Kunde ${k.nummer}`}
            </button>
          ))}
          <button name="antwort" value="NEU">
            Neuer Kunde
          </button>
          {naechste !== null && (
            <a class="knopf leise" href={`#frage-${naechste}`}>
              Später
            </a>
          )}
        </div>
      </form>
    </article>
  )
}

/** After the answer, until the worker has carried it out. */
export const Beantwortet = ({ frage: f }: { frage: Zweifel }) => {
  const person = f.geliefert?.person
  const ziel = f.kandidaten.find(({ id }) => id === f.ziel)
  const fertig = f.uebernommenAm !== null
  const nachfragen = { 'hx-get': pfade.klaerung(f.id), 'hx-trigger': 'every 2s', 'hx-target': `#frage-${f.id}`, 'hx-swap': 'outerMorph' }
  const wer = person ? nameListe({ name: String(person['name']), vorname: person['vorname'] as string | null }) : 'Die Person'
  return (
    <p class="gutso" id={`frage-${f.id}`} tabindex={-1} role="status" {...(!fertig && nachfragen)}>
      {f.entscheidung === 'NEU' ? `${wer}: neuer Kunde.` : `${wer}: derselbe Kunde.`} {fertig ? 'Übernommen.' : 'Wird mit den Verträgen übernommen …'}{' '}
      {(fertig ? f.ziel : ziel?.id) && <a href={pfade.kunde((fertig ? f.ziel : ziel?.id)!)}>Zum Kunden</a>}
    </p>
  )
}

type Person = Record<string, string | number | null>
const text = (person: Person, feld: string): string => String(person[feld] ?? '')
const tag = (wert: string | null): string => (wert ? datum(wert) : '')

const ZEILEN: readonly (readonly [wort: string, geliefert: (person: Person) => string, bekannt: (kunde: Kandidat) => string])[] = [
  ['Name', (p) => text(p, 'name'), (k) => k.name],
  ['Vorname', (p) => text(p, 'vorname'), (k) => k.vorname ?? ''],
  ['Geburtsdatum', (p) => tag(text(p, 'geburtsdatum')), (k) => tag(k.geburtsdatum)],
  ['Straße', (p) => text(p, 'strasse'), (k) => k.strasse ?? ''],
  ['Ort', (p) => `${text(p, 'plz')} ${text(p, 'ort')}`.trim(), (k) => [k.plz, k.ort].filter(Boolean).join(' ')],
  ['Telefon', (p) => text(p, 'telefon') || text(p, 'mobil'), (k) => k.telefon ?? k.mobil ?? ''],
  ['E-Mail', (p) => text(p, 'email'), (k) => k.email ?? ''],
]

const Wert = ({ wert, anders }: { wert: string; anders: boolean }) => {
  if (wert === '') return <span class="still">unbekannt</span>
  return anders ? (
    <mark>
      {wert} <span class="nur-vorlesen">(anders)</span>
    </mark>
  ) : (
    <>{wert}</>
  )
}

const Vertragsliste = ({ alle }: { alle: readonly { sparte: Sparte; vsnr: string | null; vu: string | null }[] }) =>
  alle.length === 0 ? (
    <span class="still">keiner</span>
  ) : (
    <ul>
      {alle.map(({ sparte, vsnr, vu }) => (
        <li>{[SPARTEN[sparte]?.titel ?? 'Vertrag', vu && `VU ${vu}`, vsnr].filter(Boolean).join(' ')}</li>
      ))}
    </ul>
  )
