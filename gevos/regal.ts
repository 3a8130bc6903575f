/** Every GeVo there is. Written by `npm run gevo neu`; a test checks it against the folder. */
import ablaufLebenRenteBu from './ablauf-leben-rente-bu.ts'
import buFehlt from './bu-fehlt.ts'
import datenluecke from './datenluecke.ts'
import keinKontakt from './kein-kontakt.ts'
import kfzWechselsaison from './kfz-wechselsaison.ts'
import kuendigungstermin from './kuendigungstermin.ts'
import privathaftpflichtFehlt from './privathaftpflicht-fehlt.ts'
import versicherungslueckenJungeKunden from './versicherungsluecken-junge-kunden.ts'
import vertragLaeuftBaldAb from './vertrag-laeuft-bald-ab.ts'
import volljaehrigkeit from './volljaehrigkeit.ts'
import werbeeinwilligungFehlt from './werbeeinwilligung-fehlt.ts'
import wohngebaeudeOhneElementar from './wohngebaeude-ohne-elementar.ts'

export const regal = [
  ablaufLebenRenteBu,
  buFehlt,
  datenluecke,
  keinKontakt,
  kfzWechselsaison,
  kuendigungstermin,
  privathaftpflichtFehlt,
  versicherungslueckenJungeKunden,
  vertragLaeuftBaldAb,
  volljaehrigkeit,
  werbeeinwilligungFehlt,
  wohngebaeudeOhneElementar,
] as const
