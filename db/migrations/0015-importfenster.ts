import { type Kysely, sql } from 'kysely'

/** What a person looks at in an import for ever: its packages, and how it was judged; indexes for the counts beside the menu. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE import
      -- [{nr, vuNummer, absender, zeichensatz, stand, saetze, abgelehnt, summenStimmen}], the first few hundred.
      ADD COLUMN pakete jsonb NOT NULL DEFAULT '[]',
      -- By source, whether it was taken for a whole portfolio, and why: [{quelle, name, liefert, woher, bekannt, getroffen}].
      ADD COLUMN beurteilung jsonb NOT NULL DEFAULT '[]';
    CREATE INDEX import_klaeren ON import (betrieb_id) WHERE status IN ('QUARANTAENE', 'ZUORDNUNG');
    CREATE INDEX import_zweifel_offen ON import_zweifel (betrieb_id, art, id) WHERE entscheidung IS NULL;
    CREATE INDEX abweichung_liste ON abweichung (betrieb_id, kunde_id) WHERE entscheidung IS NULL;
    CREATE INDEX import_quelle ON import (quelle_id, id);
    CREATE INDEX import_inhalt ON import (betrieb_id, pruefsumme);
  `.execute(db)
}
