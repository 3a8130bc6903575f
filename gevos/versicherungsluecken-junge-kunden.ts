import { sql } from 'kysely'
import { alter } from '../domain/kalender.ts'
import { EINMAL, aktiv, angenommen, imAlter, tag, wert, woranEsFehlt } from './bausteine.ts'
import { gevo } from './gevo.ts'
import { anzahlVertraege, datum, spartenListe, unbekanntSatz } from './texte.ts'

const WERTE = { alterVon: 18, alterBis: 34, hoechstens: 3, bearbeitenBisTage: 90 }

/** An unknown contract counts as possible: only where it cannot change the answer, the answer stands. */
export default gevo({
  key: 'versicherungsluecken-junge-kunden',
  code: 'G01',
  titel: 'Versicherungslücken bei jüngeren Kunden',
  kurz: '18 bis 34 Jahre, höchstens drei eigene Verträge',
  gruppe: 'LUECKE',
  klasse: 'W',
  prio: 3,
  ende: 'BEFUND_WEG',
  sperrfrist: { monate: 12 },
  werte: WERTE,
  einstellungen: {
    alterVon: { titel: 'Alter von', einheit: 'Jahre', min: 0, max: 60 },
    alterBis: { titel: 'Alter bis', einheit: 'Jahre', min: 18, max: 99 },
    hoechstens: { titel: 'Eigene Verträge höchstens', einheit: 'Stück', min: 0, max: 20 },
    bearbeitenBisTage: { titel: 'Bearbeiten innerhalb von', einheit: 'Tage', min: 7, max: 365 },
  },
  version: 1,
  hilfe:
    'Privatkunden zwischen 18 und 34 Jahren (beide eingeschlossen) mit höchstens drei aktiven eigenen Verträgen; auch wer keinen hat, zählt. ' +
    'Fremdverträge, stornierte und abgelaufene Verträge zählen nicht. Ein Vertrag, der sich verlängert, zählt über seinen Ablauf hinaus. ' +
    'Ist unbekannt, ob ein Vertrag noch besteht, und käme es darauf an, wird kein Fall eröffnet und keiner beendet.',
  grund:
    'Maklerkunden haben im Schnitt 4,4 Verträge. Wer jung ist und wenige hat, dem fehlen oft Privathaftpflicht und Berufsunfähigkeit. ' +
    'Die Ansprache ist Werbung (§ 7 UWG): per E-Mail oder Telefon nur mit Einwilligung.',

  endetWenn: 'Der Kunde hat mehr eigene Verträge als die Grenze, oder er ist aus dem Alter heraus.',
  recht: '§ 7 UWG',

  erkenne: ({ db, bestand, stichtag, regel }) => {
    const jung = imAlter(sql.ref('k.geburtsdatum'), stichtag, wert('r', 'alterVon'), wert('r', 'alterBis'))
    const eigene = db
      .selectFrom(bestand.vertraege.as('v'))
      .select(['v.kunde_id', 'v.sparte', aktiv('v', stichtag).as('aktiv'), woranEsFehlt('v').as('fehlt')])
      .select(sql<boolean>`${angenommen('v')} AND v.ablauf <= ${tag(stichtag)}`.as('angenommen'))
      .where('v.bestandsart', '=', 'EIGEN')
      .offset(EINMAL)
    const gezaehlt = db
      .selectFrom(bestand.kunden.as('k'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .leftJoin(eigene.as('e'), 'e.kunde_id', 'k.id')
      .select(['k.id', 'k.betrieb_id', 'k.vermittler_id', 'k.geburtsdatum'])
      .select([
        sql<number>`(count(*) FILTER (WHERE e.aktiv = 'JA'))::integer`.as('ja'),
        sql<number>`(count(*) FILTER (WHERE e.aktiv = 'UNBEKANNT'))::integer`.as('vielleicht'),
        sql<string[]>`coalesce(jsonb_agg(e.sparte ORDER BY e.sparte) FILTER (WHERE e.aktiv = 'JA'), '[]')`.as('sparten'),
        sql<string[]>`coalesce(jsonb_agg(e.sparte ORDER BY e.sparte) FILTER (WHERE e.aktiv = 'JA' AND e.angenommen), '[]')`.as('angenommen'),
        sql<string[]>`array_agg(DISTINCT e.fehlt) FILTER (WHERE e.aktiv = 'UNBEKANNT')`.as('fehlt'),
      ])
      .where('k.art', '=', 'NATUERLICH')
      .where((eb) => eb.or([eb('k.geburtsdatum', 'is', null), sql<boolean>`${jung}`]))
      .groupBy(['k.id', 'k.betrieb_id', 'k.vermittler_id', 'k.geburtsdatum'])
    const ungewiss = sql<boolean>`(z.geburtsdatum IS NULL OR z.ja + z.vielleicht > ${wert('r', 'hoechstens')})`

    return db
      .selectFrom(gezaehlt.as('z'))
      .innerJoin(regel.as('r'), 'r.betrieb_id', 'z.betrieb_id')
      .select(['z.betrieb_id', 'z.vermittler_id', 'z.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || z.id`.as('schluessel'),
        sql<
          Record<string, unknown>
        >`jsonb_build_object('geburtsdatum', z.geburtsdatum, 'eigeneAktive', z.ja, 'sparten', z.sparten, 'angenommen', z.angenommen)`.as('befund'),
        sql<string[]>`array_remove(coalesce(z.fehlt, '{}') || CASE WHEN z.geburtsdatum IS NULL THEN 'geburtsdatum' END, NULL)`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<string>`${tag(stichtag)} + ${wert('r', 'bearbeitenBisTage')}`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`CASE WHEN ${ungewiss} THEN 'UNBEKANNT' ELSE 'TRIFFT' END`.as('lage'),
        sql<number>`z.ja`.as('dringlichkeit'),
      ])
      .where('z.ja', '<=', wert('r', 'hoechstens'))
  },

  erklaere: (befund, unbekannt, stichtag, werte = WERTE) => {
    const { geburtsdatum, eigeneAktive, sparten, angenommen } = befund as Gelesen
    const jahre = geburtsdatum ? `${alter(geburtsdatum, stichtag)} Jahre` : 'Alter unbekannt'
    const vertraege = `${anzahlVertraege(eigeneAktive)}${eigeneAktive > 0 ? ` (${spartenListe(sparten)})` : ''}`
    const annahme = angenommen?.length ? ` Angenommen ist, dass sich verlängert hat: ${spartenListe(angenommen)}.` : ''
    return (
      `Privatkunde zwischen ${werte['alterVon']} und ${werte['alterBis']} Jahren mit höchstens ${werte['hoechstens']} aktiven eigenen Verträgen. ` +
      `Am ${datum(stichtag)}: ${jahre} (geboren ${datum(geburtsdatum)}), ${vertraege}.${annahme}${unbekanntSatz(unbekannt)}`
    )
  },

  anlass: (befund) => {
    const { eigeneAktive, sparten } = befund as Gelesen
    return eigeneAktive > 0 ? `${anzahlVertraege(eigeneAktive)}: ${spartenListe(sparten)}` : 'kein eigener aktiver Vertrag'
  },

  angebot: {
    betreff: 'Sind Sie gut abgesichert?',
    text:
      '{anrede},\n\nmit dem Start in Ausbildung, Beruf oder die eigene Wohnung ändert sich, welcher Schutz wichtig ist. Über mich {bestand}. ' +
      'Ich möchte mit Ihnen durchgehen, was es sonst schon gibt, was Sie wirklich brauchen und worauf Sie verzichten können. ' +
      'Das dauert etwa eine halbe Stunde, persönlich oder am Telefon.\n\n' +
      'Wann passt es Ihnen?\n\nFreundliche Grüße\n{vermittler}\n{betrieb}',
  },
  platzhalter: (befund) => {
    const { eigeneAktive = 0, sparten } = befund as Partial<Gelesen>
    return { bestand: eigeneAktive > 0 ? `haben Sie derzeit: ${spartenListe(sparten)}` : 'haben Sie derzeit keinen Vertrag' }
  },
})

type Gelesen = {
  geburtsdatum: string | null
  eigeneAktive: number
  sparten: string[]
  angenommen?: string[]
}
