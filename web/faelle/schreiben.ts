/** What a mail from a Fall says, to whom, and whether it may go: texts of the GeVo, filled in for this customer. */
import type { Context } from 'hono'
import { type Elternteil, listEltern } from '../../db/eltern.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { briefanrede, briefanreden } from '../../domain/anrede.ts'
import { type Erlaubnis, type Klasse, darfKontakt } from '../../domain/einwilligung.ts'
import type { Fallart, Mailvorlage } from '../../gevos/gevo.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { fuelle, spartenName } from '../../gevos/texte.ts'
import { nameVoll } from '../format.ts'
import type { Env } from '../umgebung.ts'

export type Vorlage = 'hinweis' | 'angebot' | 'frei'

/** A mail about this Fall as it may be written today. */
export interface Schreiben {
  vorlage: Vorlage
  /** What may be chosen instead. */
  andere: Vorlage[]
  /** Set where the text speaks to the customer's parents: it goes to the address of the first of them. */
  eltern?: readonly Elternteil[]
}

/** `wunsch`: the text that was asked for; the first one where it cannot be. */
export async function getSchreiben(c: Context<Env>, akte: Fallakte, wunsch: string | undefined): Promise<Schreiben> {
  const andere = vorlagen(akte, c.var.heute)
  const vorlage = andere.find((v) => v === wunsch) ?? andere[0]!
  const eltern = mailvorlage(getGevo(akte.gevo), vorlage)?.an === 'ELTERN' && (await listEltern(c.var.db, akte.kunde_id))
  return { vorlage, andere, ...(eltern && { eltern }) }
}

/** The texts the GeVo has for today, the plain facts first. */
function vorlagen({ gevo: code, befund }: Pick<Fallakte, 'gevo' | 'befund'>, heute: string): Vorlage[] {
  const gevo = getGevo(code)
  const gilt = ({ nurVor }: Mailvorlage): boolean => !nurVor || heute < nurVor(befund)
  const da = (['hinweis', 'angebot'] as const).filter((art) => gevo[art] && gilt(gevo[art]))
  return da.length > 0 ? da : ['frei']
}

function mailvorlage(gevo: Fallart, vorlage: Vorlage): Mailvorlage | undefined {
  return vorlage === 'frei' ? undefined : gevo[vorlage]
}

/** The class belongs to the text, not to the GeVo: only plain facts are Vertragsverwaltung. */
function klasse(gevo: Fallart, vorlage: Vorlage): Klasse {
  return vorlage === 'hinweis' ? 'V' : vorlage === 'angebot' ? 'W' : gevo.klasse
}

export function emailErlaubnis(akte: Fallakte, vorlage: Vorlage): Erlaubnis {
  const gevo = getGevo(akte.gevo)
  // What the customer has consented to, others have not.
  const einwilligungen = mailvorlage(gevo, vorlage)?.an ? [] : akte.einwilligungen
  return darfKontakt({ klasse: klasse(gevo, vorlage), kanal: 'EMAIL', einwilligungen, werbewiderspruchAm: akte.werbewiderspruch_am })
}

/** Address, subject and text as they would go out today. */
export function vorbelegt(
  akte: Fallakte,
  { vorlage, eltern }: Schreiben,
  { heute, ...absender }: { vermittler: string; betrieb: string; heute: string },
): Record<string, string> {
  const gevo = getGevo(akte.gevo)
  const text = mailvorlage(gevo, vorlage)
  const anrede = eltern ? briefanreden(adressaten(eltern)) : briefanrede(akte)
  const werte = { anrede, kunde: nameVoll(akte), vertrag: vertragText(akte), ...absender, ...gevo.platzhalter?.(akte.befund, heute) }
  const gruss = `{anrede},\n\n\n\nFreundliche Grüße\n{vermittler}\n{betrieb}`
  return {
    an: (eltern ? eltern[0]?.email : akte.email) ?? '',
    betreff: fuelle(text?.betreff ?? gevo.titel, werte),
    inhalt: fuelle(text?.text ?? gruss, werte),
    vorlage,
  }
}

/** "Hausrat, VHV, Nr. 4711": a customer with several must know which. */
function vertragText({ vertraege, vertrag_id, befund }: Fallakte): string {
  const vertrag = vertraege.find(({ id }) => id === vertrag_id)
  if (!vertrag) return spartenName(befund['sparte'])
  return [spartenName(vertrag.sparte), vertrag.versicherer, vertrag.vsnr && `Nr. ${vertrag.vsnr}`].filter(Boolean).join(', ')
}

/** The first, and who lives with them. */
function adressaten(eltern: readonly Elternteil[]): Elternteil[] {
  const [erster, ...weitere] = eltern
  return erster ? [erster, ...weitere.filter(({ haushalt_id }) => haushalt_id !== null && haushalt_id === erster.haushalt_id)] : []
}

/** Whom a text to the parents goes to, and on what grounds. */
export function anEltern(kind: Fallakte, eltern: readonly Elternteil[]): string {
  const namen = adressaten(eltern).map(nameVoll).join(' und ')
  if (eltern.length === 0) return `Geht an die Eltern. Zu ${nameVoll(kind)} sind keine erfasst: Bitte tragen Sie Anrede und Adresse ein.`
  const wer = eltern.some(({ angenommen }) => angenommen)
    ? `Geht an die Eltern. Nach Haushalt und Alter sind das ${namen}: Bitte prüfen Sie Anrede und Adresse.`
    : `Geht an die Eltern: ${namen}.`
  return eltern[0]!.email ? wer : `${wer} Eine E-Mail-Adresse ist nicht bekannt, bitte tragen Sie sie ein.`
}
