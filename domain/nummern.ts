/** Numbers of insurers and Kunden, in the form in which they are compared. */

/** A Versicherungsschein-Nummer for comparing: letters and digits only, without leading zeros; null where nothing is left. */
export function normVsnr(vsnr: string | null | undefined): string | null {
  const norm = (vsnr ?? '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace(/^0+(?=.)/, '')
  return norm === '' ? null : norm
}

/** 123 → "K-000123". */
export function kundennummer(zahl: number): string {
  return `K-${String(zahl).padStart(6, '0')}`
}
