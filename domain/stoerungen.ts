/** What the watch may find wrong, in words: what it means for the office and what to do about it. */

export const STOERUNGEN = {
  NACHT_FEHLT: {
    titel: 'Der Nachtlauf fehlt',
    folge: 'Neue Fälle von heute sind noch nicht gefunden.',
    abhilfe: 'Das Programm beginnt ihn stündlich von selbst. Hilft das nicht: unter „Nachtläufe“ von Hand starten, sonst den Worker neu starten.',
  },
  OUTBOX_ALT: {
    titel: 'Nachrichten an Temporal bleiben liegen',
    folge: 'Alles Eingegebene ist gespeichert, aber Wiedervorlagen und E-Mails kommen verspätet.',
    abhilfe: 'Prüfen, ob Worker und Temporal laufen. Danach wird von selbst zugestellt.',
  },
  WORKFLOW_AUFGABE: {
    titel: 'Ein Ablauf kommt nicht weiter',
    folge: 'Bei mindestens einem Fall schlagen Schritte in Temporal fehl; gespeichert ist alles.',
    abhilfe: 'In der Temporal-Oberfläche nach fehlgeschlagenen Aufgaben sehen und die Kennung dem Betreuer des Programms nennen.',
  },
  SICHERUNG_ALT: {
    titel: 'Die letzte Sicherung ist zu alt',
    folge: 'Bei einem Schaden am Rechner ginge die Arbeit seit der letzten Sicherung verloren.',
    abhilfe: 'Mit „npm run backup“ sichern und die tägliche Sicherung wieder einrichten.',
  },
  PLATTE_VOLL: {
    titel: 'Die Festplatte ist fast voll',
    folge: 'Ist sie ganz voll, kann nichts mehr gespeichert werden.',
    abhilfe: 'Platz schaffen, zum Beispiel alte Sicherungen an einen anderen Ort legen.',
  },
} as const

export type Ursache = keyof typeof STOERUNGEN
