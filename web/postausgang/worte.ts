/** Words for a mail: what it is, how far it is, why it did not go out. */
export const MAILARTEN = { KUNDE: 'an Kunden', ERINNERUNG: 'Erinnerung', ZUGANG: 'Zugang', STOERUNG: 'Störung' } as const

export const MAILSTATUS = {
  GEPLANT: 'wird gesendet',
  SENDET: 'wird gesendet',
  GESENDET: 'gesendet',
  ABGELEGT: 'abgelegt, nicht gesendet',
  FEHLER: 'nicht zustellbar',
  UNGEWISS: 'Zustellung ungewiss',
} as const

/** https://resend.com/docs/api-reference/errors */
const ANBIETER: Readonly<Record<string, string>> = {
  validation_error: 'Absender oder Adresse abgelehnt',
  invalid_parameter: 'Absender oder Adresse abgelehnt',
  missing_required_field: 'Absender oder Adresse abgelehnt',
  invalid_from_address: 'Absender abgelehnt',
  missing_api_key: 'Der Schlüssel für den Versand fehlt',
  invalid_api_key: 'Der Schlüssel für den Versand ist falsch',
  restricted_api_key: 'Der Schlüssel für den Versand darf nicht senden',
  invalid_access: 'Der Schlüssel für den Versand darf nicht senden',
  daily_quota_exceeded: 'Das Tageskontingent beim Anbieter ist verbraucht',
  monthly_quota_exceeded: 'Das Monatskontingent beim Anbieter ist verbraucht',
  rate_limit_exceeded: 'Der Anbieter bremst',
  invalid_idempotent_request: 'Der Anbieter kennt diese E-Mail schon mit anderem Inhalt',
  concurrent_idempotent_requests: 'Der Anbieter bearbeitet diese E-Mail gerade',
  security_error: 'Vom Anbieter aus Sicherheitsgründen abgelehnt',
  application_error: 'Der Anbieter ist nicht erreichbar oder gestört',
  internal_server_error: 'Der Anbieter ist gestört',
}

/** Of our own: no error, the mail was put aside. */
const ABGELEGT: Readonly<Record<string, string>> = {
  NICHTS_FAELLIG: 'Beim Senden war nichts mehr fällig',
  NEU_BEGONNEN: 'Durch eine neue Erinnerung ersetzt',
}

/** "Absender oder Adresse abgelehnt (validation_error)": the code is what the provider's support asks for. */
export function mailfehler(code: string): string {
  return ABGELEGT[code] ?? `${ANBIETER[code] ?? 'Der Anbieter hat abgelehnt'} (${code})`
}
