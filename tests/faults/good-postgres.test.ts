import { describeGoodTwins } from './judge-pairs.ts';

describeGoodTwins('postgres');
