import { type Kysely, sql } from 'kysely'

/** How many reminders of a Fall have fired and wait for the person: the lists find such Fälle by index instead of asking the Vorgänge of all that wait. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    LOCK TABLE fall, vorgang IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE fall ADD COLUMN faellige_vorgaenge integer NOT NULL DEFAULT 0;
    UPDATE fall f SET faellige_vorgaenge = g.n FROM (SELECT fall_id, count(*) AS n FROM vorgang WHERE status = 'FAELLIG' GROUP BY 1) g WHERE f.id = g.fall_id;
    CREATE INDEX fall_faellig ON fall (betrieb_id, gevo, vermittler_id, id) WHERE status IN ('OFFEN', 'IN_ARBEIT') AND faellige_vorgaenge > 0;

    CREATE FUNCTION vorgang_faellig() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        UPDATE fall SET faellige_vorgaenge = faellige_vorgaenge - 1 WHERE id = OLD.fall_id;
      ELSE
        UPDATE fall SET faellige_vorgaenge = faellige_vorgaenge + CASE WHEN NEW.status = 'FAELLIG' THEN 1 ELSE -1 END WHERE id = NEW.fall_id;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER vorgang_faellig_neu AFTER INSERT ON vorgang FOR EACH ROW WHEN (NEW.status = 'FAELLIG') EXECUTE FUNCTION vorgang_faellig();
    CREATE TRIGGER vorgang_faellig_anders AFTER UPDATE OF status ON vorgang FOR EACH ROW
      WHEN ((OLD.status = 'FAELLIG') <> (NEW.status = 'FAELLIG')) EXECUTE FUNCTION vorgang_faellig();
    CREATE TRIGGER vorgang_faellig_weg AFTER DELETE ON vorgang FOR EACH ROW WHEN (OLD.status = 'FAELLIG') EXECUTE FUNCTION vorgang_faellig();
    REVOKE EXECUTE ON FUNCTION vorgang_faellig() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION vorgang_faellig() TO vm_web, vm_worker;
  `.execute(db)
}
