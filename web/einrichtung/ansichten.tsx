import { MIN_ZEICHEN } from '../../db/passwort.ts'
import { PasswortFeld } from '../anmelden/ansichten.tsx'
import { BUNDESLAENDER } from '../betrieb/bundeslaender.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, type Fehler, Fehlerliste, Feld } from '../teile.tsx'

export function Einrichtung({ werte, fehler = {} }: { werte: Record<string, string>; fehler?: Fehler }) {
  const feld = (name: string) => ({ name, wert: werte[name], fehler })
  return (
    <>
      <h1>Betrieb einrichten</h1>
      <p class="hinweis">Einmal, für den ersten Betrieb und Ihren Zugang. Weitere Personen legen Sie danach unter „Mitarbeiter“ an.</p>
      <form method="post" action={pfade.einrichtung()}>
        <Fehlerliste fehler={fehler} />
        <Feld
          {...feld('token')}
          label="Einmalkennwort"
          hinweis="Es steht in der Ausgabe des letzten Starts, am Ende der Adresse."
          autocomplete="off"
          pflicht
          autofocus={!werte['token']}
        />
        <h2>Ihr Betrieb</h2>
        <Feld {...feld('betrieb')} label="Name" autocomplete="organization" pflicht autofocus={!!werte['token']} />
        <div class="felder">
          <Feld {...feld('ort')} label="Ort" autocomplete="address-level2" />
          <Auswahl {...feld('bundesland')} label="Bundesland" werte={BUNDESLAENDER} leer="Bitte wählen" pflicht />
        </div>
        <h2>Ihr Zugang als Supervisor</h2>
        <div class="felder">
          <Feld {...feld('vorname')} label="Vorname" autocomplete="given-name" pflicht />
          <Feld {...feld('name')} label="Nachname" autocomplete="family-name" pflicht />
        </div>
        <Feld {...feld('email')} label="E-Mail-Adresse" typ="email" autocomplete="username" pflicht />
        <PasswortFeld
          label="Passwort"
          autocomplete="new-password"
          fehler={fehler}
          hinweis={`Mindestens ${MIN_ZEICHEN} Zeichen, zum Beispiel drei Wörter, die nicht zusammengehören.`}
        />
        <button class="haupt">Betrieb anlegen und anmelden</button>
      </form>
    </>
  )
}

export function EinrichtungGeschehen() {
  return (
    <>
      <h1>Der Betrieb ist schon eingerichtet</h1>
      <p>Diese Seite lässt sich nur einmal benutzen. Weitere Personen legt eine Supervisorin oder ein Supervisor unter „Mitarbeiter“ an.</p>
      <p>
        <a class="knopf haupt" href={pfade.anmelden()}>
          Zur Anmeldung
        </a>
      </p>
    </>
  )
}
