import type { AgenturnummerZeile, Mitarbeiter } from '../../db/mitarbeiter.ts'
import { mehrzahl, nameListe, nameVoll, zahl, zeitpunkt } from '../format.ts'
import type { Formular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { Fehlerliste, type Fehler, Feld, Tag, Verborgen, Wahl } from '../teile.tsx'

const ROLLEN = [
  ['VERMITTLER', 'Vermittler (eigener Bestand)'],
  ['SUPERVISOR', 'Supervisor (ganzer Betrieb)'],
] as const

interface ListeProps {
  liste: readonly Mitarbeiter[]
  heute: string
  formular: Formular | undefined
  link: string | undefined
  neu: string | undefined
}

export function Liste({ liste, heute, formular, link, neu }: ListeProps) {
  const aktive = liste.filter(({ aktiv }) => aktiv).length
  return (
    <>
      <header>
        <h1>Mitarbeiter</h1>
        <p>{mehrzahl(aktive, 'Person kann', 'Personen können')} sich anmelden</p>
      </header>
      {link && (
        <Link
          link={link}
          satz={`${neu} ist angelegt und bekommt diesen Link per E-Mail. Sie können ihn auch selbst weitergeben:`}
          dauer="24 Stunden"
        />
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Rolle</th>
            <th scope="col" class="r">
              Kunden
            </th>
            <th scope="col">Zugang</th>
          </tr>
        </thead>
        <tbody>
          {liste.map((einer) => (
            <tr class={einer.aktiv ? undefined : 'still'}>
              <td>
                <a class="name" href={pfade.mitarbeiterProfil(einer.id)}>
                  {nameListe(einer)}
                </a>
                <small>{einer.email}</small>
              </td>
              <td>{einer.rolle === 'SUPERVISOR' ? 'Supervisor' : 'Vermittler'}</td>
              <td class="r" data-titel="Kunden">
                {zahl(einer.kunden)}
              </td>
              <td>
                <Zugang einer={einer} heute={heute} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="post" action={pfade.mitarbeiter()} class="schmal">
        <h2>Mitarbeiter anlegen</h2>
        <Fehlerliste fehler={formular?.fehler ?? {}} />
        <Profilfelder werte={typed(formular)} fehler={formular?.fehler} />
        <p class="hinweis">Die Person bekommt eine E-Mail mit einem Link, über den sie ihr Passwort setzt.</p>
        <div class="taten">
          <button class="haupt">Anlegen und einladen</button>
        </div>
      </form>
    </>
  )
}

interface ProfilProps {
  einer: Mitarbeiter
  nummern: readonly AgenturnummerZeile[]
  heute: string
  formular: Formular | undefined
  fehler: Fehler
  link: string | undefined
  /** The asking person's own profile. */
  ich: boolean
}

export function Profilseite({ einer, nummern, heute, formular, fehler, link, ich }: ProfilProps) {
  // Both forms of the page have names of their own, so one record of faults serves both.
  const profil = formular && formular.text('vorname') + formular.text('name') !== '' ? typed(formular) : { ...einer, telefon: einer.telefon ?? '' }
  return (
    <>
      <header>
        <h1>{nameVoll(einer)}</h1>
        <p>
          <Zugang einer={einer} heute={heute} />
        </p>
      </header>
      {link && (
        <Link
          link={link}
          satz="Dieser Link ist per E-Mail unterwegs. Sie können ihn auch selbst weitergeben:"
          dauer={einer.bereit ? '60 Minuten' : '24 Stunden'}
        />
      )}
      <Fehlerliste fehler={fehler} />
      <form method="post" action={pfade.mitarbeiterProfil(einer.id)} class="schmal">
        <h2>Profil</h2>
        <Profilfelder werte={profil} fehler={fehler} />
        <div class="taten">
          <button class="haupt">Speichern</button>
        </div>
      </form>
      <Agenturnummern einer={einer} nummern={nummern} formular={formular} fehler={fehler} />
      <section class="blatt schmal">
        <h2>Zugang</h2>
        {einer.aktiv ? <Ausgang einer={einer} ich={ich} /> : <Rueckkehr einer={einer} />}
      </section>
    </>
  )
}

function Profilfelder({ werte, fehler }: { werte: Record<string, unknown>; fehler?: Fehler | undefined }) {
  const feld = (name: string) => {
    const wert = werte[name]
    return { name, wert: typeof wert === 'string' ? wert : '', fehler }
  }
  return (
    <>
      <div class="felder">
        <Feld {...feld('vorname')} label="Vorname" autocomplete="off" pflicht />
        <Feld {...feld('name')} label="Nachname" autocomplete="off" pflicht />
      </div>
      <div class="felder">
        <Feld {...feld('email')} label="E-Mail-Adresse" typ="email" autocomplete="off" pflicht />
        <Feld {...feld('telefon')} label="Telefon" typ="tel" autocomplete="off" />
      </div>
      <Wahl {...feld('rolle')} label="Rolle" werte={ROLLEN} pflicht />
    </>
  )
}

function Agenturnummern({ einer, nummern, formular, fehler }: Pick<ProfilProps, 'einer' | 'nummern' | 'formular' | 'fehler'>) {
  return (
    <section class="blatt schmal">
      <h2>Agenturnummern</h2>
      <p class="hinweis">Kunden aus Lieferungen mit diesen Nummern kommen in den Bestand von {nameVoll(einer)}.</p>
      {nummern.length > 0 && (
        <ul class="nummern">
          {nummern.map(({ vuNummer, versicherer, nummer }) => (
            <li>
              <form method="post" action={pfade.mitarbeiterAgenturnummerLoeschung(einer.id)} class="taten">
                <span>
                  <strong>{nummer}</strong> bei {versicherer ? `${versicherer} (VU ${vuNummer})` : `VU ${vuNummer}`}
                </span>
                <Verborgen felder={{ vu_nummer: vuNummer, nummer }} />
                <button class="leise" aria-label={`Agenturnummer ${nummer} löschen`}>
                  Löschen
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      <form method="post" action={pfade.mitarbeiterAgenturnummern(einer.id)}>
        <div class="felder">
          <Feld
            name="vu_nummer"
            label="VU-Nummer"
            wert={formular?.text('vu_nummer')}
            fehler={fehler}
            inputmode="numeric"
            autocomplete="off"
            maxlength={5}
            pflicht
          />
          <Feld name="nummer" label="Agenturnummer" wert={formular?.text('nummer')} fehler={fehler} autocomplete="off" maxlength={20} pflicht />
        </div>
        <div class="taten">
          <button>Nummer hinzufügen</button>
        </div>
      </form>
    </section>
  )
}

function Ausgang({ einer, ich }: { einer: Mitarbeiter; ich: boolean }) {
  return (
    <>
      <form method="post" action={pfade.mitarbeiterLink(einer.id)} class="taten">
        <Verborgen felder={{ aktion: crypto.randomUUID() }} />
        <button>{einer.bereit ? 'Link für ein neues Passwort' : 'Einladung noch einmal schicken'}</button>
        <span class="hinweis">Frühere Links gelten dann nicht mehr.</span>
      </form>
      <form method="post" action={pfade.mitarbeiterAktiv(einer.id)} class="taten">
        <Verborgen felder={{ aktiv: '0' }} />
        <button class="gefahr">Zugang sperren</button>
        <span class="hinweis">
          {ich ? 'Das sind Sie selbst: Sie werden sofort abgemeldet. ' : 'Alle Sitzungen enden sofort. '}
          {einer.kunden > 0 && `${mehrzahl(einer.kunden, 'Kunde bleibt', 'Kunden bleiben')} zugeordnet, bis Sie sie übergeben.`}
        </span>
      </form>
    </>
  )
}

function Rueckkehr({ einer }: { einer: Mitarbeiter }) {
  return (
    <form method="post" action={pfade.mitarbeiterAktiv(einer.id)} class="taten">
      <Verborgen felder={{ aktiv: '1' }} />
      <button>Zugang wieder öffnen</button>
      <span class="hinweis">Das bisherige Passwort gilt dann wieder.</span>
    </form>
  )
}

function Link({ link, satz, dauer }: { link: string; satz: string; dauer: string }) {
  return (
    <div class="gutso">
      <p>{satz}</p>
      <code class="kopierbar">{link}</code>
      <p class="hinweis">Er gilt {dauer}, nur einmal, und wird nur jetzt gezeigt.</p>
    </div>
  )
}

function Zugang({ einer, heute }: { einer: Mitarbeiter; heute: string }) {
  if (!einer.aktiv) return <Tag art="spaet">gesperrt</Tag>
  if (!einer.bereit) return <Tag art="bald">eingeladen</Tag>
  return (
    <Tag art={einer.zuletztAm ? 'fertig' : ''}>{einer.zuletztAm ? `angemeldet, zuletzt ${zeitpunkt(einer.zuletztAm, heute)}` : 'abgemeldet'}</Tag>
  )
}

function typed(formular: Formular | undefined): Record<string, string> {
  return Object.fromEntries(['vorname', 'name', 'email', 'telefon', 'rolle'].map((name) => [name, formular?.text(name) ?? '']))
}
