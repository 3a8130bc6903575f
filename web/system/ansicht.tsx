import type { Child } from 'hono/jsx'
import type { Fehlmail, Nacht, Stoerung, Systemlage } from '../../db/systemlage.ts'
import { STOERUNGEN, type Ursache } from '../../domain/stoerungen.ts'
import { mehrzahl, tag, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { MAILARTEN, MAILSTATUS, mailfehler } from '../postausgang/worte.ts'
import { Feld, type Fehler, Leer } from '../teile.tsx'

/** What was typed as a mail's new address, and what is wrong with it. */
export interface Adressfehler {
  mail: number
  an: string
  fehler: Fehler
}

interface Props {
  lage: Systemlage
  heute: string
  jetzt: string
  version: string
  berichtigung?: Adressfehler | undefined
}

type Guete = 'gut' | 'achtung' | 'stoerung'
const GUETE: Record<Guete, { zeichen: string; wort: string; art: string }> = {
  gut: { zeichen: '✓', wort: 'in Ordnung', art: 'fertig' },
  achtung: { zeichen: '!', wort: 'Achtung', art: 'bald' },
  stoerung: { zeichen: '✗', wort: 'Störung', art: 'spaet' },
}

/** A heartbeat comes every twenty seconds. */
const STILL_SEKUNDEN = 120
const OUTBOX_SEKUNDEN = 60
const STUNDE = 3600
const GB = 1e9

export const Systemseite = ({ lage, heute, jetzt, version, berichtigung }: Props) => {
  const offen = lage.stoerungen.filter((s) => s.beendet_am === null)
  return (
    <>
      <header>
        <h1>System</h1>
        <p>{offen.length === 0 ? 'Die Überwachung meldet nichts' : mehrzahl(offen.length, 'Störung', 'Störungen')}</p>
      </header>
      {offen.map((s) => (
        <Meldung stoerung={s} heute={heute} />
      ))}
      <table class="system">
        <caption class="nur-vorlesen">Zustand der Teile</caption>
        <thead>
          <tr>
            <th scope="col">Teil</th>
            <th scope="col">Zustand</th>
            <th scope="col">Näheres</th>
          </tr>
        </thead>
        <tbody>
          <Zeile name="Anwendung" guete="gut">
            Version {version}
          </Zeile>
          <Zeile name="Datenbank" guete="gut">
            PostgreSQL {lage.datenbank}, Stand {lage.migration}
          </Zeile>
          <Worker lage={lage} heute={heute} jetzt={jetzt} />
          <Temporal lage={lage} heute={heute} jetzt={jetzt} />
          <Outbox lage={lage} jetzt={jetzt} />
          <Sicherung lage={lage} heute={heute} jetzt={jetzt} />
          <Platte lage={lage} />
        </tbody>
      </table>
      <Naechte naechte={lage.naechte} heute={heute} />
      <Fehlmails mails={lage.fehlmails} gesamt={lage.fehlmailsGesamt} heute={heute} berichtigung={berichtigung} />
      <Vergangen stoerungen={lage.stoerungen.filter((s) => s.beendet_am !== null)} heute={heute} />
    </>
  )
}

const Meldung = ({ stoerung, heute }: { stoerung: Stoerung; heute: string }) => {
  const { titel, folge, abhilfe } = STOERUNGEN[stoerung.ursache as Ursache]
  return (
    <section class="grund stoerungsmeldung">
      <h2>{titel}</h2>
      <p>
        {folge} {abhilfe}
      </p>
      <p>
        <small>
          seit {zeitpunkt(stoerung.seit, heute)} · Kennung {stoerung.kennung}
        </small>
      </p>
    </section>
  )
}

const Zeile = ({ name, guete, children }: { name: string; guete: Guete; children?: Child }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>
      <Zustand guete={guete} />
    </td>
    <td>{children}</td>
  </tr>
)

const Zustand = ({ guete, wort = GUETE[guete].wort }: { guete: Guete; wort?: string }) => (
  <span class={`tag ${GUETE[guete].art}`}>
    <span aria-hidden="true">{GUETE[guete].zeichen}</span> {wort}
  </span>
)

type Teil = Pick<Props, 'lage' | 'heute' | 'jetzt'>

const Worker = ({ lage: { herzschlag: h }, heute, jetzt }: Teil) => (
  <Zeile name="Worker" guete={h && alter(h.am, jetzt) <= STILL_SEKUNDEN ? 'gut' : 'stoerung'}>
    {h ? `Version ${h.version}, zuletzt gehört ${zeitpunkt(h.am, heute)}` : 'Hat sich noch nie gemeldet. Er wird mit „npm start“ gestartet.'}
    {h && alter(h.am, jetzt) > STILL_SEKUNDEN && '. Bitte neu starten: Ohne ihn gibt es keine Erinnerungen, E-Mails und Nachtläufe.'}
  </Zeile>
)

const Temporal = ({ lage: { herzschlag: h }, heute, jetzt }: Teil) => {
  if (!h || alter(h.am, jetzt) > STILL_SEKUNDEN)
    return (
      <Zeile name="Temporal" guete="achtung">
        unbekannt, weil der Worker schweigt
      </Zeile>
    )
  return (
    <Zeile name="Temporal" guete={h.temporal_weg_seit ? 'stoerung' : 'gut'}>
      {h.temporal_weg_seit
        ? `antwortet nicht seit ${zeitpunkt(h.temporal_weg_seit, heute)}. Eingegebenes ist gespeichert und wird zugestellt, sobald er wieder da ist.`
        : `Version ${h.temporal_version ?? 'unbekannt'}`}
      {h.temporal_ui && (
        <>
          {' · '}
          <Oberflaeche ui={h.temporal_ui} pfad="workflows" text="Abläufe" />
          {', '}
          <Oberflaeche ui={h.temporal_ui} pfad="schedules" text="Nachtplan" />
        </>
      )}
    </Zeile>
  )
}

const Oberflaeche = ({ ui, pfad, text }: { ui: string; pfad: string; text: string }) => (
  <a class="link" href={`${ui}/${pfad}`} rel="noreferrer">
    {text} in der Temporal-Oberfläche
  </a>
)

const Outbox = ({ lage: { outbox }, jetzt }: Pick<Props, 'lage' | 'jetzt'>) => {
  const sekunden = outbox.aelteste ? alter(outbox.aelteste, jetzt) : 0
  return (
    <Zeile name="Nachrichten an Temporal" guete={sekunden > OUTBOX_SEKUNDEN ? 'stoerung' : 'gut'}>
      {outbox.tiefe === 0 ? 'alle zugestellt' : `${mehrzahl(outbox.tiefe, 'wartet', 'warten')}, die älteste seit ${dauerText(sekunden)}`}
    </Zeile>
  )
}

const Sicherung = ({ lage: { sicherung }, heute, jetzt }: Teil) => (
  <Zeile name="Letzte Sicherung" guete={sicherung && alter(sicherung, jetzt) < 26 * STUNDE ? 'gut' : 'achtung'}>
    {sicherung ? zeitpunkt(sicherung, heute) : 'noch keine. Gesichert wird mit dem Befehl „npm run backup“.'}
  </Zeile>
)

const Platte = ({ lage: { herzschlag } }: Pick<Props, 'lage'>) => {
  const { platte_frei: frei, platte_gesamt: gesamt } = herzschlag ?? {}
  if (frei === null || frei === undefined || !gesamt)
    return (
      <Zeile name="Festplatte" guete="achtung">
        unbekannt, der Worker hat noch nichts gemeldet
      </Zeile>
    )
  const prozent = Math.floor((frei / gesamt) * 100)
  return (
    <Zeile name="Festplatte" guete={prozent < 10 ? 'stoerung' : prozent < 20 ? 'achtung' : 'gut'}>
      {`${prozent} % frei (${zahl(Math.round(frei / GB))} von ${zahl(Math.round(gesamt / GB))} GB)`}
    </Zeile>
  )
}

const NACHT: Record<Nacht['status'], { guete: Guete; wort: string }> = {
  FERTIG: { guete: 'gut', wort: 'fertig' },
  LAEUFT: { guete: 'achtung', wort: 'läuft' },
  FEHLER: { guete: 'stoerung', wort: 'abgebrochen' },
}

const Naechte = ({ naechte, heute }: { naechte: readonly Nacht[]; heute: string }) => (
  <section>
    <h2>Letzte Nächte</h2>
    {naechte.length === 0 ? (
      <Leer titel="Noch kein Nachtlauf" />
    ) : (
      <ul class="naechte">
        {naechte.map((n) => (
          <li>
            <a class="link" href={pfade.nachtlauf(n.id)}>
              {tag(n.stichtag, heute)}
            </a>{' '}
            <Zustand {...NACHT[n.status]} /> {mehrzahl(n.eroeffnet, 'neuer Fall', 'neue Fälle')}
          </li>
        ))}
      </ul>
    )}
  </section>
)

interface FehlmailsProps extends Pick<Props, 'heute' | 'berichtigung'> {
  mails: readonly Fehlmail[]
  gesamt: number
}

const Fehlmails = ({ mails, gesamt, heute, berichtigung }: FehlmailsProps) => (
  <section>
    <h2>Nicht gesendete E-Mails</h2>
    {mails.length === 0 ? (
      <Leer titel="Keine" />
    ) : (
      <>
        <table class="system">
          <caption class="nur-vorlesen">Nicht gesendete E-Mails, neueste zuerst</caption>
          <thead>
            <tr>
              <th scope="col">E-Mail</th>
              <th scope="col">Zustand</th>
              <th scope="col">Was zu tun ist</th>
            </tr>
          </thead>
          <tbody>
            {mails.map((mail) => (
              <tr>
                <td>
                  <a class="name" href={pfade.postausgangMail(mail.id)}>
                    {mail.betreff || 'ohne Betreff'}
                  </a>
                  <small>
                    {MAILARTEN[mail.art]}, {mail.an}, {zeitpunkt(mail.erstellt_am, heute)}
                  </small>
                </td>
                <td>
                  <Zustand guete={mail.status === 'FEHLER' ? 'stoerung' : 'achtung'} wort={MAILSTATUS[mail.status]} />
                  {mail.fehler && <small>{mailfehler(mail.fehler)}</small>}
                </td>
                <td>
                  <NochEinmal mail={mail} berichtigung={berichtigung?.mail === mail.id ? berichtigung : undefined} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {gesamt > mails.length && (
          <p>
            Gezeigt werden die neuesten {zahl(mails.length)} von {zahl(gesamt)}.
          </p>
        )}
      </>
    )}
  </section>
)

/** A customer's address can be mended on the way. */
const NochEinmal = ({ mail, berichtigung }: { mail: Fehlmail; berichtigung: Adressfehler | undefined }) =>
  mail.art === 'ZUGANG' ? (
    <small>
      Der Link darin gilt nur kurz. Stellen Sie unter{' '}
      <a class="link" href={pfade.mitarbeiter()}>
        Mitarbeiter
      </a>{' '}
      einen neuen aus.
    </small>
  ) : (
    <form method="post" action={pfade.systemMail(mail.id)}>
      {mail.status === 'UNGEWISS' && <small>Vielleicht ist sie angekommen: Fragen Sie zuerst nach.</small>}
      {mail.art === 'KUNDE' && (
        <Feld
          form={`mail-${mail.id}`}
          name="an"
          label="Adresse"
          typ="email"
          wert={berichtigung?.an ?? mail.an}
          fehler={berichtigung?.fehler}
          pflicht
        />
      )}
      <button aria-label={`Noch einmal senden: ${mail.betreff || 'ohne Betreff'}`}>Noch einmal senden</button>
    </form>
  )

const Vergangen = ({ stoerungen, heute }: { stoerungen: readonly Stoerung[]; heute: string }) =>
  stoerungen.length === 0 ? (
    <></>
  ) : (
    <section>
      <h2>Frühere Störungen</h2>
      <ul class="naechte">
        {stoerungen.map((s) => (
          <li>
            {STOERUNGEN[s.ursache as Ursache].titel}: {zeitpunkt(s.seit, heute)} bis {zeitpunkt(s.beendet_am!, heute)}{' '}
            <small>Kennung {s.kennung}</small>
          </li>
        ))}
      </ul>
    </section>
  )

/** Seconds; never negative (two machines' clocks). */
function alter(seit: string, jetzt: string): number {
  return Math.max(0, (Date.parse(jetzt) - Date.parse(seit)) / 1000)
}

function dauerText(sekunden: number): string {
  if (sekunden < 120) return mehrzahl(Math.round(sekunden), 'Sekunde', 'Sekunden')
  return sekunden < 2 * STUNDE
    ? mehrzahl(Math.round(sekunden / 60), 'Minute', 'Minuten')
    : mehrzahl(Math.round(sekunden / STUNDE), 'Stunde', 'Stunden')
}
