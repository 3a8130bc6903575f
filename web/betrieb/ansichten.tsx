import type { Betriebsdaten } from '../../db/betrieb.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { datum, mehrzahl, zeitpunkt } from '../format.ts'
import type { Formular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, Fehlerliste, Feld } from '../teile.tsx'
import { BUNDESLAENDER } from './bundeslaender.ts'

interface Props {
  betrieb: Betriebsdaten & { demo: boolean; beginn: string; anlauf_am: string | null }
  sicherung: string | null
  /** What the demo holds; null for a real Betrieb. */
  bestand: { kunden: number; vertraege: number; mitarbeiter: number } | null
  heute: string
  formular: Formular | undefined
}

export function Betriebsseite({ betrieb, sicherung, bestand, heute, formular }: Props) {
  const fehler = formular?.fehler ?? {}
  const feld = (name: keyof Betriebsdaten) => ({ name, wert: formular ? formular.text(name) : String(betrieb[name] ?? ''), fehler })
  return (
    <>
      <header>
        <h1>Betrieb</h1>
        <p>{betrieb.demo ? 'Demo-Betrieb mit erfundenen Daten' : `dabei seit ${datum(betrieb.beginn)}`}</p>
      </header>
      <form method="post" action={pfade.betrieb()} class="schmal">
        <Fehlerliste fehler={fehler} />
        <Feld {...feld('name')} label="Name" autocomplete="organization" pflicht />
        <div class="felder">
          <Feld {...feld('ort')} label="Ort" autocomplete="address-level2" />
          <Auswahl {...feld('bundesland')} label="Bundesland" werte={BUNDESLAENDER} pflicht />
        </div>
        <Feld
          {...feld('tagesquote')}
          label="Neue Fälle am Tag je Vermittler"
          hinweis="Die dringendsten zuerst, die übrigen warten. Leer: alle auf einmal."
          inputmode="numeric"
          maxlength={5}
          autocomplete="off"
        />
        <Feld
          {...feld('importbremse_prozent')}
          label="Importbremse in Prozent"
          hinweis="Würden mehr Verträge eines Versicherers oder Vermittlers in einer Lieferung ihren Status wechseln oder fehlen, werden Sie erst gefragt."
          inputmode="numeric"
          maxlength={3}
          autocomplete="off"
          pflicht
        />
        <div class="taten">
          <button class="haupt">Speichern</button>
        </div>
      </form>
      <section class="blatt schmal">
        <h2>Einstellungen</h2>
        <dl>
          <dt>Nächte</dt>
          <dd>
            {betrieb.anlauf_am ? `freigegeben am ${datum(berlinTag(betrieb.anlauf_am))}` : 'noch nicht freigegeben'},{' '}
            <a class="link" href={pfade.anlauf()}>
              Regeln und Anlauf
            </a>
          </dd>
          <dt>Versicherer</dt>
          <dd>
            <a class="link" href={pfade.versicherer()}>
              Namen der VU-Nummern
            </a>
          </dd>
          <dt>Letzte Sicherung</dt>
          <dd>{sicherung ? zeitpunkt(sicherung, heute) : 'noch keine. Gesichert wird mit dem Befehl „npm run backup“.'}</dd>
        </dl>
      </section>
      {bestand && (
        <form method="post" action={pfade.demoEntfernen()} class="schmal">
          <h2>Demo beenden</h2>
          <p>
            Entfernt den Demo-Betrieb mit {mehrzahl(bestand.kunden, 'Kunden', 'Kunden')}, {mehrzahl(bestand.vertraege, 'Vertrag', 'Verträgen')} und{' '}
            {mehrzahl(bestand.mitarbeiter, 'Zugang', 'Zugängen')}, auch Ihrem. Sie werden abgemeldet, und es lässt sich nicht zurückholen. Andere
            Betriebe bleiben unberührt.
          </p>
          <div class="taten">
            <button class="gefahr">Demo-Betrieb endgültig entfernen</button>
          </div>
        </form>
      )}
    </>
  )
}
