import { sql } from 'kysely'
import ablauf from './ablauf-leben-rente-bu.ts'
import { tag, wert } from './bausteine.ts'
import buFehlt from './bu-fehlt.ts'
import { type Gevo, gevo } from './gevo.ts'
import kfz from './kfz-wechselsaison.ts'
import phvFehlt from './privathaftpflicht-fehlt.ts'
import { datum, feldFrage, feldWort } from './texte.ts'
import keinKontakt from './kein-kontakt.ts'
import kuendigung from './kuendigungstermin.ts'
import jungeKunden from './versicherungsluecken-junge-kunden.ts'
import bald from './vertrag-laeuft-bald-ab.ts'
import volljaehrig from './volljaehrigkeit.ts'
import elementar from './wohngebaeude-ohne-elementar.ts'

const WERTE = { bearbeitenBisTage: 120 }

/** Rules that may read an unknown field. */
const GEFRAGT: readonly Gevo[] = [jungeKunden, bald, kuendigung, kfz, phvFehlt, buFehlt, elementar, volljaehrig, ablauf, keinKontakt]
/** What nobody recorded before the Betrieb began here cannot be asked for by the hundred: it heals with time. Where it blocks, other fields change nothing. */
const HEILT_VON_SELBST = ['kontakt', 'geprueft', 'kunde_seit']

export default gevo({
  key: 'datenluecke',
  code: 'G23',
  titel: 'Datenlücke blockiert Prüfung',
  kurz: 'Angaben fehlen, ohne die eine Regel nicht entscheiden kann',
  gruppe: 'PFLEGE',
  klasse: 'V',
  prio: 3,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 6 },
  werte: WERTE,
  einstellungen: { bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 } },
  version: 2,
  hilfe:
    'Kunden, bei denen mindestens eine eingeschaltete Regel nicht entscheiden konnte, weil eine Angabe fehlt (zum Beispiel Geburtsdatum, Erwerbsstatus, ob ein Vertrag ' +
    'die Familie mitversichert). Der Fall nennt die fehlenden Angaben; sind sie eingetragen, endet er von selbst.',
  grund:
    'Unbekannt ist nicht dasselbe wie fehlend: Wer berät, muss den einzelnen Fall prüfen (BGH, I ZR 147/14), und dazu muss er ihn kennen. ' +
    'Die Frage nach Angaben zu bestehenden Verträgen ist keine Werbung.',
  endetWenn: 'Die genannten Angaben sind eingetragen.',
  recht: 'BGH I ZR 147/14',

  erkenne: ({ db, bestand, stichtag, regel, unentschieden }) => {
    const [erste, ...weitere] = GEFRAGT.map((andere) =>
      db
        .selectFrom(unentschieden(andere).as('u'))
        .select(['u.kunde_id', sql<string>`unnest(u.unbekannt)`.as('feld'), sql<string>`${sql.lit(andere.code)}`.as('code')])
        .where(sql<boolean>`NOT u.unbekannt && ${sql.val(HEILT_VON_SELBST)}::text[]`),
    )
    // Somebody found them wrong, and nobody has changed the customer since.
    const kontaktdaten = db
      .selectFrom(bestand.dokumentiert.as('d'))
      .innerJoin(bestand.kunden.as('n'), 'n.id', 'd.kunde_id')
      .select(['d.kunde_id', sql<string>`'kontaktdaten'`.as('feld'), 'd.gevo as code'])
      .where('d.ergebnis', '=', 'KONTAKTDATEN_FALSCH')
      .whereRef('d.am', '>', 'n.geaendert_am')
    const fehlend = weitere.reduce((alle, eine) => alle.unionAll(eine), erste!).unionAll(kontaktdaten)
    const jeKunde = db
      .selectFrom(fehlend.as('f'))
      .select([
        'f.kunde_id',
        sql<string[]>`jsonb_agg(DISTINCT f.feld ORDER BY f.feld)`.as('felder'),
        sql<string[]>`jsonb_agg(DISTINCT f.code ORDER BY f.code)`.as('regeln'),
      ])
      .groupBy('f.kunde_id')
    return db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .innerJoin(jeKunde.as('j'), 'j.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<Record<string, unknown>>`jsonb_build_object('felder', j.felder, 'regeln', j.regeln)`.as('befund'),
        // For the Fall the gap is the finding: the form beside it asks for these fields.
        sql<string[]>`ARRAY(SELECT jsonb_array_elements_text(j.felder))`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT'>`'TRIFFT'`.as('lage'),
        sql<number>`-jsonb_array_length(j.regeln)`.as('dringlichkeit'),
      ])
  },

  erklaere: (befund, _, stichtag) => {
    const { felder, regeln } = befund as Gelesen
    return (
      'Kunde, bei dem mindestens eine eingeschaltete Regel nicht entscheiden konnte. ' +
      `Am ${datum(stichtag)} fehlte: ${felder.map(feldWort).join('; ')}. Betroffen: ${regeln.map(regelTitel).join('; ')}.`
    )
  },

  anlass: (befund) => {
    const { felder } = befund as Gelesen
    return felder.length === 1 ? `fehlt: ${feldWort(felder[0]!)}` : `${felder.length} Angaben fehlen: ${felder.map(feldWort).join('; ')}`
  },

  hinweis: {
    betreff: 'Eine Rückfrage zu Ihren Unterlagen',
    text:
      '{anrede},\n\nin Ihren Unterlagen fehlt mir etwas, das ich für die Betreuung Ihrer Verträge brauche:\n\n{fragen}\n\n' +
      'Eine kurze Antwort genügt.\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => ({ fragen: ((befund as Partial<Gelesen>).felder ?? []).map((feld) => `- ${feldFrage(feld)}`).join('\n') }),
})

type Gelesen = { felder: string[]; regeln: string[] }

function regelTitel(code: string): string {
  return GEFRAGT.find((andere) => andere.code === code)?.titel ?? code
}
