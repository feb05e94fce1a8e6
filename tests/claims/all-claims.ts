/** The claims of every reference set, sets that take longest first. */
import { FORMS, type Claim, type Form } from './claim.ts';
import { PORTFOLIO_LOTS_CLAIMS } from './portfolio-lots.ts';
import { RISK_DAEMON_CLAIMS } from './risk-daemon.ts';
import { SCENARIO_MATRICES_CLAIMS } from './scenario-matrices.ts';
import { SERVICE_SCHEMAS_CLAIMS } from './service-schemas.ts';
import { TRACK_YOUR_STACK_CLAIMS } from './track-your-stack.ts';

/** A document: its reference set and what it promises. */
export interface Document {
  /** The set's folder under `migrations/reference`. */
  readonly set: string;
  readonly claims: readonly Claim[];
  /** The forms in which the set is kept, where they are more than the two. */
  readonly forms?: readonly Form[];
}

/** Every document, in the order in which it is judged and printed. */
export const DOCUMENTS: readonly Document[] = [
  { set: 'track-your-stack', claims: TRACK_YOUR_STACK_CLAIMS },
  { set: 'portfolio-lots', claims: PORTFOLIO_LOTS_CLAIMS, forms: FORMS },
  { set: 'service-schemas', claims: SERVICE_SCHEMAS_CLAIMS },
  { set: 'scenario-matrices', claims: SCENARIO_MATRICES_CLAIMS },
  { set: 'risk-daemon', claims: RISK_DAEMON_CLAIMS },
];
