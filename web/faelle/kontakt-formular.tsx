import type { Fallakte } from '../../db/fallakte.ts'
import { type Erlaubnis, darfKontakt } from '../../domain/einwilligung.ts'
import { KANAELE, ZWISCHENERGEBNISSE, type Zwischenergebnis } from '../../domain/ergebnisse.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { telefonLink } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Feld, Wahl } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, Grundfeld, htmxForm } from './formularteile.tsx'

export const KONTAKTWEGE = ['TELEFON', 'BRIEF', 'PERSOENLICH'] as const
export type Kontaktweg = (typeof KONTAKTWEGE)[number]
export const KONTAKTFELDER = { ergebnis: 'Ergebnis', grund: 'Grund', notiz: 'Notiz' } as const

/** What can come of it, by the way it was tried. */
export const KONTAKTERGEBNISSE: Record<Kontaktweg, readonly Zwischenergebnis[]> = {
  TELEFON: ['NICHT_ERREICHT', 'GESPROCHEN', 'TERMIN_VEREINBART', 'RUECKRUF_ERBETEN', 'ANGEBOT_VERSANDT'],
  BRIEF: ['NACHRICHT_VERSANDT', 'ANGEBOT_VERSANDT'],
  PERSOENLICH: ['GESPROCHEN', 'TERMIN_VEREINBART', 'NICHT_ERREICHT', 'ANGEBOT_VERSANDT'],
}
export const KONTAKTTITEL: Record<Kontaktweg, string> = {
  TELEFON: 'Anruf vermerken',
  BRIEF: 'Brief vermerken',
  PERSOENLICH: 'Persönliches Gespräch vermerken',
}

const FORM = 'kontakt'

/** Said beside the form, not a bolt: what has happened must be possible to record. */
export function kontaktErlaubnis({ gevo, einwilligungen, werbewiderspruch_am }: Fallakte, kanal: Kontaktweg): Erlaubnis {
  return darfKontakt({ klasse: getGevo(gevo).klasse, kanal, einwilligungen, werbewiderspruchAm: werbewiderspruch_am })
}

export const Kontaktformular = ({ akte, stand, weg }: { akte: Fallakte; stand: Formularstand; weg: Kontaktweg }) => {
  const { eingabe = {}, fehler = {} } = stand
  const pfad = pfade.fallKontakt(akte.id)
  const nummer = akte.telefon ?? akte.mobil
  const erlaubnis = kontaktErlaubnis(akte, weg)
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel={KONTAKTTITEL[weg]} id={FORM} akte={akte} stand={stand} felder={KONTAKTFELDER} />
      <input type="hidden" name="kanal" value={weg} />
      {weg === 'TELEFON' && (
        <p class="hinweis">
          {nummer ? <a href={telefonLink(nummer)}>{nummer}</a> : 'Es ist keine Telefonnummer bekannt.'}
          {akte.versuche > 0 && ` · Das ist der ${akte.versuche + 1}. Versuch.`}
        </p>
      )}
      {erlaubnis.antwort !== 'ERLAUBT' && <p class="warnung">{erlaubnis.warum}</p>}
      <Wahl
        form={FORM}
        name="ergebnis"
        label={`Ergebnis (${KANAELE[weg]})`}
        werte={KONTAKTERGEBNISSE[weg].map((e) => [e, ZWISCHENERGEBNISSE[e]] as const)}
        wert={eingabe['ergebnis']}
        fehler={fehler}
      />
      {erlaubnis.antwort === 'NUR_MIT_GRUND' && (
        <Grundfeld form={FORM} stand={stand} hinweis="Warum Sie ohne Einwilligung angerufen haben, zum Beispiel „hat um Rückruf gebeten“" />
      )}
      <Feld form={FORM} name="notiz" label="Notiz" wert={eingabe['notiz']} fehler={fehler} zeilen={2} />
    </form>
  )
}

export const Kontaktfuss = () => (
  <Formularfuss>
    <button class="haupt" form={FORM}>
      Vermerken
    </button>
  </Formularfuss>
)
