import type { Person } from '../../db/sitzung.ts'
import { PasswortFeld } from '../anmelden/ansichten.tsx'
import { nameVoll } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Feld, Haken, Wahl } from '../teile.tsx'

const THEMEN = [
  ['system', 'System'],
  ['hell', 'Hell'],
  ['dunkel', 'Dunkel'],
] as const

export function Profil({ person }: { person: Person }) {
  const { thema, tasten } = person.einstellungen
  return (
    <>
      <header>
        <h1>Mein Profil</h1>
        <p>
          {nameVoll(person)}, {person.email}
        </p>
      </header>
      <form method="post" action={pfade.profil()} class="schmal">
        <h2>Anzeige</h2>
        <Wahl name="thema" label="Darstellung" werte={THEMEN} wert={thema === 'hell' || thema === 'dunkel' ? thema : 'system'} />
        <Haken name="tasten" text="Einzelne Tasten als Befehle benutzen (die Taste ? zeigt sie)" an={tasten !== false} />
        <div class="taten">
          <button class="haupt">Speichern</button>
        </div>
      </form>
      <section class="blatt schmal">
        <PasswortAendern email={person.email} />
      </section>
    </>
  )
}

export function PasswortAendern({ email, fehler = {}, allein }: { email: string; fehler?: Fehler; allein?: boolean }) {
  return (
    <>
      {allein ? <h1>Passwort ändern</h1> : <h2>Passwort ändern</h2>}
      <form method="post" action={pfade.profilPasswort()}>
        <Fehlerliste fehler={fehler} />
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <Feld name="bisher" label="Bisheriges Passwort" typ="password" autocomplete="current-password" fehler={fehler} pflicht />
        <PasswortFeld
          label="Neues Passwort"
          autocomplete="new-password"
          fehler={fehler}
          hinweis="Mindestens 10 Zeichen. Ihre anderen Sitzungen enden."
        />
        <div class="taten">
          <button>Passwort ändern</button>
        </div>
      </form>
      {allein && (
        <p class="hinweis">
          <a href={pfade.profil()}>Zurück zum Profil</a>
        </p>
      )}
    </>
  )
}
