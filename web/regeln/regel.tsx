/** One rule: its settings, what they would find, and every edition so far. */
import type { Altbestand } from '../../db/altbestand.ts'
import type { Regelstand } from '../../db/regeln.ts'
import type { Vorschauzahl } from '../../db/vorschau.ts'
import { SPERRFRIST, wertfeld } from '../../domain/regel.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, type Fehler, Fehlerliste, Feld, Haken, Tag, Verborgen } from '../teile.tsx'
import { AltbestandTeil } from './altbestand.tsx'
import { PRIOS, mitEinheit, sperrfristText, unterschied } from './worte.ts'

/** As typed, by field of domain/regel.ts. */
export type Getippt = Readonly<Record<string, string | undefined>>

export interface Regelansicht {
  gevo: Gevo
  stand: Regelstand
  staende: readonly Regelstand[]
  getippt: Getippt
  fehler: Fehler
  /** What the typed settings would find, beside those in force; 'ZU_LANG' where it took too long. */
  probe?: { neu: Vorschauzahl; bisher: Vorschauzahl } | 'ZU_LANG' | undefined
  /** For the rules where bulk marking makes sense. */
  altbestand?: { liste: readonly Altbestand[]; getippt: Getippt; fehler: Fehler } | undefined
  heute: string
}

export const Regel = (a: Regelansicht) => (
  <>
    <header>
      <h1>{a.gevo.titel}</h1>
      <p>
        {a.gevo.kurz} · Regel {a.gevo.code}
        {a.stand.version > 0 && `, Regelstand ${a.stand.version}`} {!a.stand.an && <Tag>aus</Tag>}
      </p>
      <div class="taten">
        <a class="knopf" href={pfade.regelVorschau(a.gevo.key)}>
          Wer wäre betroffen?
        </a>
        <a class="knopf" href={`${pfade.hilfeGevos()}#${a.gevo.key}`}>
          Hilfe
        </a>
        <a class="knopf" href={pfade.regeln()}>
          Alle Regeln
        </a>
      </div>
    </header>
    <div class="regelseite">
      <Einstellungen {...a} />
      <div>
        <Probe {...a} />
        {a.altbestand && <AltbestandTeil gevo={a.gevo} {...a.altbestand} heute={a.heute} />}
        <Geschichte {...a} />
      </div>
    </div>
  </>
)

const Einstellungen = ({ gevo, stand, getippt, fehler }: Regelansicht) => {
  const geaendert = Object.keys(stand.werte).length > 0 || stand.prio !== null || stand.sperrfristMonate !== null
  return (
    <section class="blatt" aria-labelledby="einstellungen">
      <h2 id="einstellungen">Einstellungen</h2>
      <form method="post" action={pfade.regel(gevo.key)} class="felder-form" novalidate>
        <Fehlerliste fehler={fehler} />
        <Verborgen felder={{ version: getippt['version'] ?? stand.version }} />
        <Haken name="an" text="Diese Regel ist eingeschaltet" an={getippt['an'] === '1'} />
        {Object.entries(gevo.einstellungen).map(([name, e]) => (
          <Feld
            name={wertfeld(name)}
            label={e.titel}
            wert={getippt[wertfeld(name)]}
            fehler={fehler}
            inputmode="numeric"
            maxlength={6}
            pflicht
            hinweis={`${e.einheit === 'Stück' ? 'Anzahl' : e.einheit}, ${zahl(e.min)} bis ${zahl(e.max)}. Vorgabe: ${mitEinheit(gevo.werte[name]!, e)}`}
          />
        ))}
        {gevo.sperrfrist === 'EREIGNIS' ? (
          <p class="hinweis">Sperrfrist: keine. Ein Fall gehört zu einem Ereignis und kommt nicht wieder, wenn er bearbeitet ist.</p>
        ) : (
          <Feld
            name="sperrfrist"
            label={SPERRFRIST.titel}
            wert={getippt['sperrfrist']}
            fehler={fehler}
            inputmode="numeric"
            maxlength={2}
            pflicht
            hinweis={`Monate nach einem Abschluss, ${SPERRFRIST.min} bis ${SPERRFRIST.max}. Vorgabe: ${sperrfristText(gevo.sperrfrist)}. Nach einer Ablehnung gilt das Doppelte, höchstens 36.`}
          />
        )}
        <Auswahl
          name="prio"
          label="Priorität"
          wert={getippt['prio'] ?? ''}
          werte={Object.entries(PRIOS)}
          fehler={fehler}
          pflicht
          hinweis={`Ordnet die Liste. Vorgabe: ${gevo.prio}. Gilt für neue Fälle.`}
        />
        <div class="taten">
          <button class="haupt">Speichern</button>
          <button formmethod="get" formaction={`${pfade.regel(gevo.key)}#probe`}>
            Ausprobieren
          </button>
        </div>
        <p class="hinweis">Ausprobieren zählt nur und ändert nichts. Offene Fälle behalten den Regelstand, mit dem sie eröffnet wurden.</p>
      </form>
      {geaendert && (
        <form method="post" action={pfade.regelVorgabe(gevo.key)} class="taten">
          <Verborgen felder={{ version: stand.version }} />
          <button class="leise">Auf Vorgabe zurücksetzen</button>
          <span class="hinweis">Schwellen, Sperrfrist und Priorität; an oder aus bleibt.</span>
        </form>
      )}
    </section>
  )
}

const Probe = ({ probe, gevo }: Regelansicht) => {
  if (!probe) return <></>
  if (probe === 'ZU_LANG')
    return (
      <section class="blatt" id="probe" tabindex={-1} data-fokus>
        <h2>So würde gefunden</h2>
        <p class="grund">{ZU_LANG}</p>
      </section>
    )
  const { neu, bisher } = probe
  return (
    <section class="blatt" id="probe" tabindex={-1} data-fokus aria-label="Ergebnis des Ausprobierens">
      <h2>
        So {neu.zahlen.NEU === 1 ? 'entstünde' : 'entstünden'} {mehrzahl(neu.zahlen.NEU, 'neuer Fall', 'neue Fälle', 'keine neuen Fälle')}
      </h2>
      <p>
        Mit den gespeicherten Einstellungen: {mehrzahl(bisher.zahlen.NEU, 'neuer Fall', 'neue Fälle', 'kein neuer Fall')}. Noch ist nichts
        gespeichert.
      </p>
      <p class="hinweis">
        {zahl(neu.zahlen.OFFEN)} schon offen, {zahl(neu.zahlen.GESPERRT + neu.zahlen.GEPRUEFT)} gesperrt, {zahl(neu.zahlen.UNBEKANNT)} unbekannt. Was
        die Tagesquote warten lässt, ist mitgezählt.
      </p>
      <p class="hinweis">Offene, noch unbearbeitete Fälle, die nicht mehr unter die Regel fallen, endet der nächste Nachtlauf: {gevo.endetWenn}</p>
    </section>
  )
}

export const ZU_LANG =
  'Die Zählung hat für diesen Bestand zu lange gedauert und wurde abgebrochen. Es wurde nichts geändert. Bitte versuchen Sie es später noch einmal oder sehen Sie sich eine einzelne Regel an.'

const Geschichte = ({ gevo, staende, heute }: Regelansicht) => (
  <section class="blatt" aria-labelledby="geschichte">
    <h2 id="geschichte">Regelstände</h2>
    {staende.length === 0 && <p class="hinweis">Noch nie geändert.</p>}
    <ol class="staende" reversed>
      {staende.map((stand, i) => (
        <li>
          <a href={pfade.regelStand(gevo.key, stand.version)}>Regelstand {stand.version}</a>
          <span>{unterschied(gevo, stand, staende[i + 1]).join(', ') || 'ohne Änderung'}</span>
          <small>{[stand.von ?? (stand.version === 1 ? 'Vorgabe' : null), stand.am && zeitpunkt(stand.am, heute)].filter(Boolean).join(', ')}</small>
        </li>
      ))}
    </ol>
  </section>
)
