/** The pages around the login. */
import { MIN_ZEICHEN } from '../../db/passwort.ts'
import { pfade } from '../pfade.ts'
import { Fehlerliste, type Fehler, Feld, Verborgen } from '../teile.tsx'

interface AnmeldenProps {
  email?: string
  weiter?: string
  fehler?: Fehler
  /** No Betrieb of one's own yet: the way to the first run is shown. */
  einrichtungOffen?: boolean
}

export function Anmelden({ email = '', weiter = '', fehler = {}, einrichtungOffen }: AnmeldenProps) {
  return (
    <>
      <h1>Anmelden</h1>
      <form method="post" action={pfade.anmelden()}>
        <Fehlerliste fehler={fehler} />
        <Feld name="email" label="E-Mail-Adresse" typ="email" wert={email} autocomplete="username" pflicht autofocus={email === ''} maxlength={254} />
        <PasswortFeld label="Passwort" autocomplete="current-password" autofocus={email !== ''} />
        {weiter && <Verborgen felder={{ weiter }} />}
        <button class="haupt">Anmelden</button>
      </form>
      <p class="hinweis">
        <a href={pfade.passwortVergessen()}>Passwort vergessen oder noch keines gesetzt</a>
      </p>
      {einrichtungOffen && (
        <p class="hinweis">
          Noch kein eigener Betrieb? <a href={pfade.einrichtung()}>Betrieb einrichten</a>
        </p>
      )}
    </>
  )
}

export function PasswortVergessen({ email = '', fehler = {} }: { email?: string; fehler?: Fehler }) {
  return (
    <>
      <h1>Neues Passwort</h1>
      <form method="post" action={pfade.passwortVergessen()}>
        <input type="hidden" name="formular" value={crypto.randomUUID()} />
        <p class="hinweis">Sie bekommen einen Link an Ihre E-Mail-Adresse. Er gilt eine Stunde.</p>
        <Feld
          name="email"
          label="E-Mail-Adresse"
          typ="email"
          wert={email}
          fehler={fehler}
          autocomplete="username"
          pflicht
          autofocus
          maxlength={254}
        />
        <button class="haupt">Link schicken</button>
      </form>
      <Zurueck />
    </>
  )
}

export function LinkUnterwegs({ email }: { email: string }) {
  return (
    <>
      <h1>Sehen Sie in Ihr Postfach</h1>
      <p>
        Wenn es zu <strong>{email}</strong> einen Zugang gibt, ist ein Link dorthin unterwegs. Er gilt eine Stunde und nur einmal.
      </p>
      <p class="hinweis">Kommt nichts an, fragen Sie im Betrieb nach: Eine Supervisorin oder ein Supervisor kann Ihnen einen Link geben.</p>
      <Zurueck />
    </>
  )
}

interface PasswortSetzenProps {
  token: string
  vorname: string
  email: string
  neu: boolean
  fehler?: Fehler
}

export function PasswortSetzen({ token, vorname, email, neu, fehler = {} }: PasswortSetzenProps) {
  return (
    <>
      <h1>{neu ? `Willkommen, ${vorname}` : 'Neues Passwort'}</h1>
      <form method="post" action={pfade.passwort(token)}>
        <p>
          Ihr Passwort für <strong>{email}</strong>
        </p>
        {/* So that a password manager files the new password under the right name. */}
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <PasswortFeld
          label="Neues Passwort"
          autocomplete="new-password"
          fehler={fehler}
          autofocus
          hinweis={`Mindestens ${MIN_ZEICHEN} Zeichen, zum Beispiel drei Wörter, die nicht zusammengehören.`}
        />
        <button class="haupt">Speichern und anmelden</button>
      </form>
    </>
  )
}

export function LinkAbgelaufen() {
  return (
    <>
      <h1>Dieser Link gilt nicht mehr</h1>
      <p>Er wurde schon benutzt, ist abgelaufen oder ein neuerer ist unterwegs.</p>
      <p>
        <a class="knopf haupt" href={pfade.passwortVergessen()}>
          Neuen Link anfordern
        </a>
      </p>
    </>
  )
}

interface PasswortFeldProps {
  label: string
  autocomplete: 'current-password' | 'new-password'
  fehler?: Fehler
  hinweis?: string
  autofocus?: boolean
}

/** With a switch to show what was typed (app.js reveals it); a second field would only be copied into. */
export function PasswortFeld({ label, ...rest }: PasswortFeldProps) {
  const zeigen = (
    <button type="button" class="leise" data-zeigt="feld-passwort" hidden>
      Anzeigen
    </button>
  )
  return <Feld name="passwort" label={label} typ="password" pflicht neben={zeigen} {...rest} />
}

function Zurueck() {
  return (
    <p class="hinweis">
      <a href={pfade.anmelden()}>Zurück zur Anmeldung</a>
    </p>
  )
}
