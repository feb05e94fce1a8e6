/**
 * `palindrome/portfolios`: investment data that is legal and looks like what people keep, for `datasets` in a configuration.
 *
 * A state is drawn as a whole by fast-check's own arbitraries (`pieces.ts`, `investor-state.ts`), turned into rows of entities with exact
 * sums (`investor-rows.ts`), and mapped to the tables, columns and labels of a schema (`mapping.ts`). What follows from other rows is worked out
 * again when a counterexample is reduced (`settle-books.ts`). Quantities, prices and dates are bigints and text from end to end.
 */
export { fundPortfolios } from './fund-portfolios.ts';
export type { FundOptions } from './fund-portfolios.ts';
export type { FundNames } from './fund-fields.ts';
export { PORTFOLIO_LOTS } from './portfolio-lots.ts';
export { investorPortfolios } from './investor-portfolios.ts';
export type { InvestorOptions } from './investor-portfolios.ts';
export type { InvestorNames } from './investor-fields.ts';
export { portfolioConservation, portfolioInvariants } from './portfolio-laws.ts';
export type {
  PortfolioConservation,
  PortfolioConservationOptions,
  PortfolioInvariant,
  PortfolioLawOptions,
} from './portfolio-laws.ts';
export { TRACK_YOUR_STACK } from './track-your-stack.ts';
export { accountPortfolios, RISK_DAEMON } from './trading-accounts.ts';
export type { AccountOptions } from './trading-accounts.ts';
export type { AccountNames } from './account-fields.ts';
