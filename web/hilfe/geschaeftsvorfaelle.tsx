/** What each GeVo means, whom it hits, when it comes again, what the law says, what makes it go away. */
import type { Regelzeile } from '../regeln/liste.tsx'
import { sperrfristVon } from '../../domain/regel.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { schwellen, wiederkehr } from '../regeln/worte.ts'
import { Leer, Tag } from '../teile.tsx'

interface Ansicht {
  q: string
  gefunden: readonly Regelzeile[]
  alle: readonly Regelzeile[]
  supervisor: boolean
}

const PRIO = { 1: 'Frist oder Haftung', 2: 'existenzbedrohende Lücke', 3: 'Chance oder Pflege', 4: 'Aufmerksamkeit' } as const

export const Geschaeftsvorfallhilfe = ({ q, gefunden, alle, supervisor }: Ansicht) => (
  <>
    <header>
      <h1>Hilfe: Geschäftsvorfälle</h1>
      <p>Was jede Nacht im Bestand gesucht wird und warum, mit den Einstellungen Ihres Betriebs</p>
    </header>
    <form method="get" action={pfade.hilfeGevos()} class="filter hilfesuche">
      <input
        type="search"
        name="q"
        value={q}
        aria-label="Geschäftsvorfälle durchsuchen"
        placeholder="zum Beispiel Kündigung, § 11 VVG"
        maxlength={100}
      />
      <button>Suchen</button>
      {q && <a href={pfade.hilfeGevos()}>Alle zeigen</a>}
      {q && <span role="status">{mehrzahl(gefunden.length, 'Treffer', 'Treffer', 'Kein Treffer')}</span>}
    </form>
    {gefunden.length === 0 && (
      <Leer titel="Kein Geschäftsvorfall passt">
        <p>
          <a href={pfade.hilfeGevos()}>Alle Geschäftsvorfälle zeigen</a>
        </p>
      </Leer>
    )}
    {gefunden.length > 1 && (
      <nav class="inhaltsverzeichnis" aria-label="Geschäftsvorfälle auf dieser Seite">
        <ul>
          {gefunden.map(({ gevo }) => (
            <li>
              <a href={`#${gevo.key}`}>{gevo.titel}</a>
            </li>
          ))}
        </ul>
      </nav>
    )}
    {gefunden.map((zeile) => (
      <Abschnitt {...zeile} supervisor={supervisor} />
    ))}
    <p class="hinweis">
      {mehrzahl(alle.length, 'Geschäftsvorfall', 'Geschäftsvorfälle')} im Katalog. Für niemanden gefragt wird, wer kein aktiver Kunde ist, verstorben
      ist, dessen Daten eingeschränkt oder zu löschen sind; Werbung auch nicht bei einem Widerspruch. Unbekannt heißt nie „fehlt“: Was nicht
      entschieden werden kann, eröffnet keinen Fall und beendet keinen.
    </p>
  </>
)

const Abschnitt = ({ gevo, stand, supervisor }: Regelzeile & { supervisor: boolean }) => (
  <section class="blatt hilfe" id={gevo.key} tabindex={-1} aria-labelledby={`${gevo.key}-titel`}>
    <h2 id={`${gevo.key}-titel`}>
      {gevo.titel} {!stand.an && <Tag>ausgeschaltet</Tag>}
    </h2>
    <p>{gevo.hilfe}</p>
    <dl class="daten">
      <dt>Warum</dt>
      <dd>{gevo.grund}</dd>
      {gevo.recht && (
        <>
          <dt>Recht</dt>
          <dd>{gevo.recht}</dd>
        </>
      )}
      <dt>In Ihrem Betrieb</dt>
      <dd>
        {schwellen(gevo, stand)
          .map(({ titel, text }) => `${titel}: ${text}`)
          .join(', ') || 'ohne Schwellen'}
      </dd>
      <dt>Priorität</dt>
      <dd>
        {stand.prio ?? gevo.prio}, {PRIO[(stand.prio ?? gevo.prio) as 1 | 2 | 3 | 4]}
      </dd>
      <dt>Einordnung</dt>
      <dd>
        {gevo.klasse === 'W'
          ? 'Werbung: je Weg nur mit Einwilligung (§ 7 UWG), ein Brief ist möglich.'
          : 'Vertragsverwaltung: ein sachlicher Hinweis ist auch ohne Einwilligung möglich.'}
      </dd>
      <dt>Endet von selbst</dt>
      <dd>
        {gevo.endetWenn}{' '}
        {gevo.ende === 'FRIST_VORBEI' && 'Vergeht die Frist unbearbeitet, bleibt der Fall überfällig stehen und geht an den Supervisor.'}
      </dd>
    </dl>
    <details>
      <summary>Wann kommt er wieder?</summary>
      <dl class="daten">
        {wiederkehr(sperrfristVon(gevo.sperrfrist, stand.sperrfristMonate)).map(([ergebnis, wann]) => (
          <>
            <dt>{ergebnis}</dt>
            <dd>{wann}</dd>
          </>
        ))}
      </dl>
    </details>
    <p class="taten">
      <a href={pfade.gevo(gevo.key)}>Zur Liste</a>
      {supervisor && <a href={pfade.regel(gevo.key)}>Einstellen</a>}
    </p>
  </section>
)
