import { describeBadTwins } from './judge-pairs.ts';

describeBadTwins('postgres');
