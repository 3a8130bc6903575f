import type { Child } from 'hono/jsx'
import { OFFEN, UNTERWEGS } from '../../db/importe.ts'
import type { Beispiel, Importbericht as Bericht, Importzeile, OffeneAgenturnummer } from '../../db/importe-lesen.ts'
import { datum, mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Tag } from '../teile.tsx'
import { Aenderungsteil } from './aenderungen.tsx'
import { Agenturnummern, type Mitglied } from './agenturnummern.tsx'
import { Befunde } from './befunde.tsx'
import { Fortschrittsbalken } from './fortschritt.tsx'
import { Quarantaene } from './quarantaene.tsx'
import { Rueckfrage } from './reiter.tsx'
import { Umfang } from './umfang.tsx'
import { STATUS, groesse } from './worte.ts'

export interface Berichtansicht {
  import: Bericht
  beispiele: ReadonlyMap<number, Beispiel>
  offene: readonly OffeneAgenturnummer[]
  vermittler: readonly Mitglied[]
  /** Of the form that asks whose the numbers are. */
  fehler: Fehler
  /** The part of the difference that is shown; null where there is none. */
  teil: { name: string; zeilen: readonly Importzeile[]; gesamt: number; seite: number } | null
  /** Whether the nights are released. */
  naechte: boolean
  heute: string
}

/** One delivery, to be looked at for ever: how far it is or what it did, why it is held back, what differs, what was found. */
export const Importbericht = (a: Berichtansicht) => {
  const { import: i } = a
  return (
    <div id="import" {...(UNTERWEGS.includes(i.status) && nachfragen(i.id))}>
      <Kopf {...a} />
      {UNTERWEGS.includes(i.status) && <Unterwegs import={i} />}
      {i.status === 'ZUORDNUNG' && (
        <section class="warnung" aria-label="Spalten zuordnen">
          <p>
            Tabellen dieser Quelle kamen noch nie. <a href={pfade.importZuordnung(i.id)}>Sagen Sie einmal, welche Spalte was bedeutet</a>; dann geht
            es von selbst weiter.
          </p>
        </section>
      )}
      {i.status === 'QUARANTAENE' && <Quarantaene import={i} beispiele={a.beispiele} />}
      {(i.status === 'FEHLER' || i.status === 'ABGEBROCHEN' || i.status === 'VERWORFEN') && <Nichts import={i} />}
      {i.status === 'FERTIG' && (
        <>
          <Zahlen zaehler={i.zaehler} />
          <Weiter {...a} />
        </>
      )}
      <Agenturnummern offene={a.offene} vermittler={a.vermittler} zurueck={pfade.import(i.id)} fehler={a.fehler} />
      {a.teil && <Aenderungsteil import={i} teil={a.teil} />}
      {i.pakete.length > 0 && <Umfang import={i} />}
      {!UNTERWEGS.includes(i.status) && i.status !== 'ZUORDNUNG' && <Befunde import={i} />}
    </div>
  )
}

const nachfragen = (id: number) => ({ 'hx-get': pfade.import(id), 'hx-trigger': 'every 2s', 'hx-target': '#import', 'hx-swap': 'outerMorph' })

const Kopf = ({ import: i, heute }: Berichtansicht) => {
  const [wort, marke] = STATUS[i.status]
  return (
    <header>
      <h1>{i.datei}</h1>
      <p>
        <span role="status">
          <Tag art={marke}>{i.abbruch_gewuenscht && UNTERWEGS.includes(i.status) ? 'wird abgebrochen' : wort}</Tag>
        </span>{' '}
        {[
          i.quelle?.name,
          i.stand && `Stand ${datum(i.stand)}`,
          groesse(i.bytes),
          `${i.person ?? 'Befehlszeile'}, ${zeitpunkt(i.gestartet_am, heute)}`,
          i.freigegeben && i.freigegeben_am && `freigegeben von ${i.freigegeben}, ${zeitpunkt(i.freigegeben_am, heute)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div class="taten">
        {OFFEN.includes(i.status) && i.status !== 'QUARANTAENE' && !i.abbruch_gewuenscht && (
          <Rueckfrage id="abbruch" knopf="Abbrechen" titel="Einlesen abbrechen?" ziel={pfade.importAbbruch(i.id)} tat="Einlesen abbrechen" gefahr>
            <p>Von dieser Lieferung bleibt nichts im Bestand. Sie können sie später noch einmal beginnen.</p>
          </Rueckfrage>
        )}
        {i.vorschlag !== null && i.status !== 'ZUORDNUNG' && (
          <a class="knopf" href={pfade.importZuordnung(i.id)}>
            Zuordnung der Spalten
          </a>
        )}
        <a class="knopf" href={pfade.importe()}>
          Alle Lieferungen
        </a>
      </div>
    </header>
  )
}

const Unterwegs = ({ import: i }: { import: Bericht }) => (
  <section class="blatt" aria-label="Fortschritt">
    <Fortschrittsbalken import={i} />
    <p class="hinweis">Sie können diese Seite verlassen und später wiederkommen. Übernommen wird am Ende alles auf einmal oder nichts.</p>
    <noscript>
      <a href={pfade.import(i.id)}>Neu laden</a>
    </noscript>
  </section>
)

const NICHTS: Partial<Record<Bericht['status'], string>> = {
  ABGEBROCHEN: 'Das Einlesen wurde abgebrochen. Es wurde nichts übernommen.',
  VERWORFEN: 'Die Lieferung wurde verworfen. Es wurde nichts übernommen.',
  FEHLER: 'Es wurde nichts übernommen.',
}

const Nichts = ({ import: i }: { import: Bericht }) => (
  <section class="warnung" aria-label="Nichts übernommen">
    <p>{i.gruende[0]?.text ?? NICHTS[i.status]}</p>
    {i.status !== 'VERWORFEN' &&
      (i.wiederholbar ? (
        <form method="post" action={pfade.importWiederholung(i.id)}>
          <button>Noch einmal beginnen</button>
        </form>
      ) : (
        <p>Die Datei selbst ist nicht mehr da (sie wird 90 Tage aufbewahrt). Bitte laden Sie sie noch einmal hoch.</p>
      ))}
  </section>
)

const Zahlen = ({ zaehler: z }: { zaehler: Record<string, number> }) => (
  <table class="importzahlen zahlen">
    <caption class="nur-vorlesen">Was übernommen wurde</caption>
    <thead>
      <tr>
        <th scope="col">Übernommen</th>
        {['neu', 'geändert', 'unverändert', 'fehlt'].map((wort) => (
          <th scope="col" class="r">
            {wort}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">Kunden</th>
        <Drei z={z} was="kunden" />
        <td class="r still">–</td>
      </tr>
      <tr>
        <th scope="row">Verträge</th>
        <Drei z={z} was="vertraege" />
        <td class="r">{zahl(z['vertraegeFehlen'] ?? 0)}</td>
      </tr>
    </tbody>
    <tfoot>
      <tr>
        <td colspan={5} class="still">
          {[
            `${mehrzahl(z['saetze'] ?? 0, 'Satz', 'Sätze')} in ${mehrzahl(z['pakete'] ?? 0, 'Paket', 'Paketen')} gelesen`,
            z['vertraegeAelter'] && `${mehrzahl(z['vertraegeAelter'], 'Vertrag', 'Verträge')} mit älterem Stand ausgelassen`,
            z['vertraegeOhneKunde'] && `${mehrzahl(z['vertraegeOhneKunde'], 'Vertrag', 'Verträge')} ohne Kunden ausgelassen`,
            z['paketeAbgelehnt'] && `${mehrzahl(z['paketeAbgelehnt'], 'Paket', 'Pakete')} abgelehnt`,
            z['mahnungenNeu'] && mehrzahl(z['mahnungenNeu'], 'Mahnung', 'Mahnungen'),
            z['schaedenNeu'] && mehrzahl(z['schaedenNeu'], 'Schaden', 'Schäden'),
          ]
            .filter(Boolean)
            .join(', ')}
        </td>
      </tr>
    </tfoot>
  </table>
)

const Drei = ({ z, was }: { z: Record<string, number>; was: string }) => (
  <>
    {['Neu', 'Geaendert', 'Unveraendert'].map((art) => (
      <td class="r">{zahl(z[was + art] ?? 0)}</td>
    ))}
  </>
)

/** What to do now, the next thing first. */
const Weiter = ({ import: i, offene, naechte }: Berichtansicht) => {
  const abweichungen = i.zaehler['abweichungen'] ?? 0
  const schritte: Child[] = [
    i.zweifel > 0 && (
      <>
        <a href={pfade.klaeren()}>{mehrzahl(i.zweifel, 'Person klären', 'Personen klären')}</a>: Sind es Kunden, die Sie schon haben? Bis dahin warten
        sie mit ihren Verträgen.
      </>
    ),
    offene.length > 0 && (
      <>
        <a href="#agenturnummern">{mehrzahl(offene.length, 'Agenturnummer zuordnen', 'Agenturnummern zuordnen')}</a>: So kommen die Kunden zu ihrem
        Vermittler.
      </>
    ),
    abweichungen > 0 && (
      <>
        <a href={pfade.importAbweichungen()}>{mehrzahl(abweichungen, 'Abweichung ansehen', 'Abweichungen ansehen')}</a>: Die Lieferung sagt etwas
        anderes, als jemand von Ihnen eingegeben hat. Ihr Wert gilt weiter.
      </>
    ),
    i.haushalte > 0 && (
      <>
        <a href={pfade.haushaltsvorschlaege()}>{mehrzahl(i.haushalte, 'Haushalt bestätigen', 'Haushalte bestätigen')}</a>: gleicher Name, gleiche
        Anschrift.
      </>
    ),
    naechte ? (
      <>
        In der nächsten Nacht prüft der Nachtlauf den neuen Bestand. <a href={pfade.nachtlaeufe()}>Sie können ihn auch jetzt starten</a>.
      </>
    ) : (
      <>
        <a href={pfade.anlauf()}>Weiter zum Anlauf</a>: ansehen, wie viele Kunden jede Regel träfe, dann die Nächte freigeben.
      </>
    ),
  ].filter(Boolean)
  return (
    <section class="blatt" aria-labelledby="weiter">
      <h2 id="weiter">Wie es weitergeht</h2>
      {i.gleiche !== null && (
        <p>
          Genau diese Datei wurde schon einmal eingelesen (<a href={pfade.import(i.gleiche)}>frühere Lieferung</a>).
        </p>
      )}
      <ol>
        {schritte.map((schritt) => (
          <li>{schritt}</li>
        ))}
      </ol>
    </section>
  )
}
