/** What each GeVo means, whom it hits, when it comes again, what the law says, what makes it go away. */
import { sperrfristVon } from '../../domain/regel.ts'
import type { Gruppe } from '../../gevos/gevo.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import type { Regelzeile } from '../regeln/liste.tsx'
import { GRUPPEN, PRIOS, schwellen, wiederkehr } from '../regeln/worte.ts'
import { Leer, Tag } from '../teile.tsx'

interface Ansicht {
  q: string
  gefunden: readonly Regelzeile[]
  alle: readonly Regelzeile[]
  supervisor: boolean
}

export const Geschaeftsvorfallhilfe = ({ q, gefunden, alle, supervisor }: Ansicht) => {
  const gruppen = (Object.keys(GRUPPEN) as Gruppe[])
    .map((gruppe) => ({ gruppe, regeln: gefunden.filter(({ gevo }) => gevo.gruppe === gruppe) }))
    .filter(({ regeln }) => regeln.length > 0)
  return (
    <>
      <header>
        <h1>Hilfe: Geschäftsvorfälle</h1>
        <p>Was jede Nacht im Bestand gesucht wird und warum, mit den Einstellungen Ihres Betriebs</p>
        <div class="taten">
          <button type="button" data-drucken hidden>
            Drucken
          </button>
        </div>
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
            Versuchen Sie ein anderes Wort oder weniger davon. <a href={pfade.hilfeGevos()}>Alle Geschäftsvorfälle zeigen</a>
          </p>
        </Leer>
      )}
      {gefunden.length > 1 && (
        <nav class="inhaltsverzeichnis nicht-drucken" aria-label="Geschäftsvorfälle auf dieser Seite">
          {gruppen.map(({ gruppe, regeln }) => (
            <div>
              <strong>{GRUPPEN[gruppe]}</strong>
              <ul>
                {regeln.map(({ gevo, stand }) => (
                  <li>
                    <a href={`#${gevo.key}`}>{gevo.titel}</a> {!stand.an && <span class="still">aus</span>}
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
      )}
      {gruppen
        .flatMap(({ regeln }) => regeln)
        .map((zeile) => (
          <Abschnitt {...zeile} supervisor={supervisor} />
        ))}
      <p class="hinweis">
        {mehrzahl(alle.length, 'Geschäftsvorfall', 'Geschäftsvorfälle')} im Katalog. Gefragt wird nie nach Personen, die keine aktiven Kunden sind,
        verstorben sind oder deren Daten eingeschränkt oder zu löschen sind; zu Werbung auch nicht bei einem Widerspruch. Unbekannt heißt nie „fehlt“:
        Was nicht entschieden werden kann, eröffnet keinen Fall und beendet keinen.
      </p>
    </>
  )
}

const Abschnitt = ({ gevo, stand, supervisor }: Regelzeile & { supervisor: boolean }) => (
  <section class="blatt hilfe" id={gevo.key} tabindex={-1} aria-labelledby={`${gevo.key}-titel`}>
    <h2 id={`${gevo.key}-titel`}>
      {gevo.titel} <small>{gevo.code}</small> {!stand.an && <Tag>ausgeschaltet</Tag>}
    </h2>
    <dl class="daten">
      <dt>Wen es trifft</dt>
      <dd>{gevo.hilfe}</dd>
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
          .join(' · ') || 'ohne Schwellen'}
      </dd>
      <dt>Priorität</dt>
      <dd>{PRIOS[(stand.prio ?? gevo.prio) as keyof typeof PRIOS]}</dd>
      <dt>Ansprache</dt>
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
      <dt>Kommt wieder</dt>
      <dd>
        <ul class="wiederkehr">
          {wiederkehr(sperrfristVon(gevo.sperrfrist, stand.sperrfristMonate)).map(([wann, ergebnisse]) => (
            <li>
              {wann}: <span class="still">{ergebnisse.join(', ')}</span>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
    <p class="taten nicht-drucken">
      <a href={pfade.gevo(gevo.key)}>
        Zur Liste<span class="nur-vorlesen">: {gevo.titel}</span>
      </a>
      {supervisor && (
        <a href={pfade.regel(gevo.key)}>
          Einstellen<span class="nur-vorlesen">: {gevo.titel}</span>
        </a>
      )}
    </p>
  </section>
)
