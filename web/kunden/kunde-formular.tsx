import type { Doppelter } from '../../db/kunden.ts'
import { ANREDEN, ARTEN, ERWERBSSTATUS, type Eingabe, FAMILIENSTAENDE, type Fehler, KUNDENFELDER, KUNDENSTATUS } from '../../domain/kunde.ts'
import { datum, nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, Fehlerliste, Feld, Verborgen, Wahl } from '../teile.tsx'
import { Konflikt } from './konflikt.tsx'

export interface Kundenformularansicht {
  titel: string
  /** Where the form goes, and where "Abbrechen" leads. */
  ziel: string
  abbrechen: string
  eingabe: Eingabe
  fehler: Fehler
  verborgen: Record<string, string | number>
  /** Values that somebody else saved meanwhile, by field; the person's own stand in the form. */
  konflikt?: Readonly<Record<string, string>> | undefined
  doppelte?: readonly Doppelter[] | undefined
}

const WORTE = { art: ARTEN, anrede: ANREDEN, familienstand: FAMILIENSTAENDE, erwerbsstatus: ERWERBSSTATUS, status: KUNDENSTATUS }

/** The same form for a new customer and for changes. Companies leave the fields of a person empty. */
export const Kundenformular = (a: Kundenformularansicht) => (
  <>
    <header>
      <h1>{a.titel}</h1>
    </header>
    <form class="formular" id="kundenformular" method="post" action={a.ziel} novalidate>
      <Fehlerliste fehler={a.fehler} />
      {a.konflikt && <Konflikt werte={a.konflikt} was="Dieser Kunde" eingabe={a.eingabe} felder={KUNDENFELDER} worte={WORTE} />}
      {a.doppelte && a.doppelte.length > 0 && <Doppelte kunden={a.doppelte} />}
      <Verborgen felder={a.verborgen} />
      <fieldset>
        <legend>Person oder Firma</legend>
        <Wahl name="art" label="Art" wert={a.eingabe['art']} werte={eintraege(ARTEN)} fehler={a.fehler} />
        <div class="felder nur-person">
          <Auswahl
            name="anrede"
            label="Anrede"
            leer="keine Angabe"
            wert={a.eingabe['anrede']}
            werte={[
              ['FRAU', 'Frau'],
              ['HERR', 'Herr'],
            ]}
            fehler={a.fehler}
          />
          <Text {...a} name="titel" />
          <Text {...a} name="vorname" autocomplete="off" />
        </div>
        <div class="felder">
          <Text {...a} name="name" pflicht />
          <Text {...a} name="namenszusatz" />
        </div>
        <div class="felder nur-person">
          <Text {...a} name="geburtsdatum" />
          <Auswahl
            name="familienstand"
            label="Familienstand"
            leer="unbekannt"
            wert={a.eingabe['familienstand']}
            werte={eintraege(FAMILIENSTAENDE)}
            fehler={a.fehler}
          />
          <Auswahl
            name="erwerbsstatus"
            label="Erwerbsstatus"
            leer="unbekannt"
            wert={a.eingabe['erwerbsstatus']}
            werte={eintraege(ERWERBSSTATUS)}
            fehler={a.fehler}
          />
          <Text {...a} name="beruf" />
        </div>
      </fieldset>
      <fieldset>
        <legend>Kontakt</legend>
        <div class="felder">
          <Text {...a} name="telefon" typ="tel" />
          <Text {...a} name="mobil" typ="tel" />
          <Text {...a} name="email" typ="email" />
        </div>
      </fieldset>
      <fieldset>
        <legend>Anschrift</legend>
        <div class="felder">
          <Text {...a} name="strasse" />
        </div>
        <div class="felder">
          <Text {...a} name="plz" />
          <Text {...a} name="ort" />
          <Text {...a} name="land" />
        </div>
      </fieldset>
      <fieldset>
        <legend>Betreuung</legend>
        <div class="felder">
          <Auswahl name="status" label="Status" wert={a.eingabe['status'] ?? 'AKTIV'} werte={eintraege(KUNDENSTATUS)} fehler={a.fehler} />
          <Text {...a} name="kunde_seit" />
        </div>
        <div class="felder">
          <Text {...a} name="werbewiderspruch_am" />
          <Text {...a} name="eingeschraenkt_am" />
          <Text {...a} name="verstorben_am" />
        </div>
      </fieldset>
      <div class="taten speichern">
        <button class="haupt">{a.konflikt ? 'Meine Angaben speichern' : 'Speichern'}</button>
        <a class="knopf leise" href={a.abbrechen}>
          Abbrechen
        </a>
      </div>
    </form>
  </>
)

type Feldname = keyof typeof KUNDENFELDER
const Text = ({
  eingabe,
  fehler,
  name,
  ...rest
}: Kundenformularansicht & { name: Feldname; typ?: 'tel' | 'email'; hinweis?: string; pflicht?: boolean; autocomplete?: string }) => {
  const { typ, hinweis, pflicht } = rest
  return (
    <Feld
      name={name}
      label={KUNDENFELDER[name]}
      wert={eingabe[name]}
      fehler={fehler}
      autocomplete="off"
      {...(typ && { typ })}
      {...(hinweis && { hinweis })}
      {...(pflicht && { pflicht })}
    />
  )
}

const Doppelte = ({ kunden }: { kunden: readonly Doppelter[] }) => (
  <div class="fehlerliste hinweisliste" tabindex={-1} data-fokus>
    <strong>Diesen Kunden gibt es vielleicht schon</strong>
    <ul>
      {kunden.map((k) => (
        <li>
          <a href={pfade.kunde(k.id)}>{nameListe(k)}</a>{' '}
          {[k.geburtsdatum ? `geboren am ${datum(k.geburtsdatum)}` : 'Geburtsdatum unbekannt', k.ort, k.nummer].filter(Boolean).join(' · ')}
        </li>
      ))}
    </ul>
    <p>Ist es jemand anderes, speichern Sie noch einmal.</p>
  </div>
)

function eintraege<T extends string>(liste: Readonly<Record<T, string>>): [string, string][] {
  return Object.entries(liste) as [string, string][]
}
