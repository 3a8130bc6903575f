import type { Elternteil } from '../../db/eltern.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { type Erlaubnis, type Klasse, darfKontakt } from '../../domain/einwilligung.ts'
import { briefanrede, briefanreden } from '../../domain/anrede.ts'
import type { Fallart, Mailvorlage } from '../../gevos/gevo.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { fuelle, spartenTitel } from '../../gevos/texte.ts'
import { nameVoll } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Feld } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, htmxForm } from './formularteile.tsx'

export const EMAILFELDER = { an: 'Adresse', betreff: 'Betreff', inhalt: 'Text', grund: 'Grund' } as const
export type Vorlage = 'hinweis' | 'angebot' | 'frei'
const VORLAGEN = { hinweis: 'Hinweis zum Vertrag', angebot: 'Angebot (Werbung)', frei: 'freier Text' } as const
const FORM = 'email'

/** A mail about this Fall as it may be written today. */
export interface Schreiben {
  vorlage: Vorlage
  /** What may be chosen instead. */
  andere: Vorlage[]
  /** Set where the text speaks to the customer's parents: it goes to the address of the first of them. */
  eltern?: readonly Elternteil[]
}

/** The texts the GeVo has for today, the plain facts first. */
export function vorlagen({ gevo: code, befund }: Pick<Fallakte, 'gevo' | 'befund'>, heute: string): Vorlage[] {
  const gevo = getGevo(code)
  const gilt = ({ nurVor }: Mailvorlage): boolean => !nurVor || heute < nurVor(befund)
  const da = (['hinweis', 'angebot'] as const).filter((art) => gevo[art] && gilt(gevo[art]))
  return da.length > 0 ? da : ['frei']
}

export function mailvorlage(gevo: Fallart, vorlage: Vorlage): Mailvorlage | undefined {
  return vorlage === 'frei' ? undefined : gevo[vorlage]
}

/** The class belongs to the text, not to the GeVo: only plain facts are Vertragsverwaltung. */
export function klasse(gevo: Fallart, vorlage: Vorlage): Klasse {
  return vorlage === 'hinweis' ? 'V' : vorlage === 'angebot' ? 'W' : gevo.klasse
}

export function emailErlaubnis(akte: Fallakte, vorlage: Vorlage): Erlaubnis {
  const gevo = getGevo(akte.gevo)
  // What the customer has consented to, others have not.
  const einwilligungen = mailvorlage(gevo, vorlage)?.an ? [] : akte.einwilligungen
  return darfKontakt({ klasse: klasse(gevo, vorlage), kanal: 'EMAIL', einwilligungen, werbewiderspruchAm: akte.werbewiderspruch_am })
}

/** Address, subject and text as they would go out. */
export function vorbelegt(akte: Fallakte, { vorlage, eltern }: Schreiben, absender: { vermittler: string; betrieb: string }): Record<string, string> {
  const gevo = getGevo(akte.gevo)
  const text = mailvorlage(gevo, vorlage)
  const anrede = eltern ? briefanreden(adressaten(eltern)) : briefanrede(akte)
  const werte = { anrede, kunde: nameVoll(akte), vertrag: vertragText(akte), ...absender, ...gevo.platzhalter?.(akte.befund) }
  const gruss = `{anrede},\n\n\n\nFreundliche Grüße\n{vermittler}\n{betrieb}`
  return {
    an: (eltern ? eltern[0]?.email : akte.email) ?? '',
    betreff: fuelle(text?.betreff ?? gevo.titel, werte),
    inhalt: fuelle(text?.text ?? gruss, werte),
    vorlage,
  }
}

export const Emailformular = ({ akte, stand, schreiben }: { akte: Fallakte; stand: Formularstand; schreiben: Schreiben }) => {
  const { vorlage, andere, eltern } = schreiben
  const { eingabe = {}, fehler = {} } = stand
  const pfad = pfade.fallEmail(akte.id)
  const erlaubnis = emailErlaubnis(akte, vorlage)
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel="E-Mail" id={FORM} akte={akte} stand={stand} felder={EMAILFELDER} />
      <input type="hidden" name="vorlage" value={vorlage} />
      {andere.length > 1 && (
        <nav class="wahl" aria-label="Vorlage">
          {andere.map((art) => (
            <a
              class="knopf"
              href={`${pfad}?vorlage=${art}`}
              hx-get={`${pfad}?vorlage=${art}`}
              hx-target="#akte"
              aria-current={art === vorlage ? 'true' : undefined}
            >
              {VORLAGEN[art]}
            </a>
          ))}
        </nav>
      )}
      {vorlage === 'hinweis' && <p class="hinweis">Nur Tatsachen zum Vertrag. Sobald der Text wirbt, wählen Sie bitte „{VORLAGEN.angebot}“.</p>}
      {eltern && <p class={eltern[0]?.email ? 'hinweis' : 'warnung'}>{anEltern(akte, eltern)}</p>}
      {erlaubnis.antwort !== 'ERLAUBT' && <p class="warnung">{erlaubnis.warum}</p>}
      {erlaubnis.antwort !== 'GESPERRT' && (
        <>
          {erlaubnis.antwort === 'NUR_MIT_GRUND' && (
            <Feld
              form={FORM}
              name="grund"
              label="Grund"
              wert={eingabe['grund']}
              fehler={fehler}
              pflicht
              maxlength={200}
              hinweis="zum Beispiel „hat am Telefon um Unterlagen gebeten“"
            />
          )}
          <Feld form={FORM} name="an" label="Adresse" typ="email" wert={eingabe['an']} fehler={fehler} pflicht />
          <Feld form={FORM} name="betreff" label="Betreff" wert={eingabe['betreff']} fehler={fehler} pflicht maxlength={150} />
          <Feld
            form={FORM}
            name="inhalt"
            label="Text"
            wert={eingabe['inhalt']}
            fehler={fehler}
            pflicht
            zeilen={12}
            hinweis="Genau so geht die E-Mail hinaus."
          />
        </>
      )}
      {erlaubnis.antwort === 'GESPERRT' && <p class="hinweis">Mitteilungen zum bestehenden Vertrag sind weiter möglich, wenn sie nicht werben.</p>}
    </form>
  )
}

export const Emailfuss = ({ erlaubnis }: { erlaubnis: Erlaubnis }) =>
  erlaubnis.antwort === 'GESPERRT' ? (
    <></>
  ) : (
    <Formularfuss>
      <button class="haupt" form={FORM}>
        E-Mail senden
      </button>
    </Formularfuss>
  )

/** "Hausrat, VHV, Nr. 4711": a customer with several must know which. */
function vertragText({ vertraege, vertrag_id, befund }: Fallakte): string {
  const vertrag = vertraege.find(({ id }) => id === vertrag_id)
  if (!vertrag) return spartenTitel(befund['sparte'])
  return [spartenTitel(vertrag.sparte), vertrag.versicherer, vertrag.vsnr && `Nr. ${vertrag.vsnr}`].filter(Boolean).join(', ')
}

/** The first, and who lives with them. */
function adressaten(eltern: readonly Elternteil[]): Elternteil[] {
  const [erster, ...weitere] = eltern
  return erster ? [erster, ...weitere.filter(({ haushalt_id }) => haushalt_id !== null && haushalt_id === erster.haushalt_id)] : []
}

/** Whom a text to the parents goes to, and on what grounds. */
function anEltern(kind: Fallakte, eltern: readonly Elternteil[]): string {
  const namen = adressaten(eltern).map(nameVoll).join(' und ')
  if (eltern.length === 0) return `Geht an die Eltern. Zu ${nameVoll(kind)} sind keine erfasst: Bitte tragen Sie Anrede und Adresse ein.`
  const wer = eltern.some(({ angenommen }) => angenommen)
    ? `Geht an die Eltern. Nach Haushalt und Alter sind das ${namen}: Bitte prüfen Sie Anrede und Adresse.`
    : `Geht an die Eltern: ${namen}.`
  return eltern[0]!.email ? wer : `${wer} Eine E-Mail-Adresse ist nicht bekannt, bitte tragen Sie sie ein.`
}
