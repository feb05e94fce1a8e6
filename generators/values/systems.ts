/** Network addresses, bit strings and geometry. */
import { arbitraryFrom } from '../draw.ts';
import { listed, type ValueArbitraries } from './arbitraries.ts';

/** Addresses; `cidr` has no bits right of its mask. */
export function networkArbitraries(which: 'inet' | 'cidr' | 'macaddr' | 'macaddr8'): ValueArbitraries {
  switch (which) {
    case 'inet':
      return {
        ...listed(
          ['0.0.0.0', '127.0.0.1', '::1'],
          [
            '0.0.0.0',
            '255.255.255.255',
            '192.168.1.5/24',
            '10.0.0.0/8',
            '::',
            '::1',
            '2001:db8::ff00:42:8329',
            'fe80::1/64',
            '::ffff:1.2.3.4',
          ],
        ),
        plain: arbitraryFrom((draw) => `10.${draw.integer(0, 255)}.${draw.integer(0, 255)}.${draw.integer(1, 254)}`),
      };
    case 'cidr':
      return {
        ...listed(
          ['0.0.0.0/0', '10.0.0.0/8'],
          ['0.0.0.0/0', '10.0.0.0/8', '192.168.1.0/24', '192.168.1.1/32', '::/0', '2001:db8::/32'],
        ),
        plain: arbitraryFrom((draw) => `10.${draw.integer(0, 255)}.${draw.integer(0, 255)}.0/24`),
      };
    case 'macaddr':
      return listed(
        ['00:00:00:00:00:00', '08:00:2b:01:02:03'],
        ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '08:00:2b:01:02:03'],
      );
    default:
      return listed(
        ['00:00:00:00:00:00:00:00'],
        ['00:00:00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff:ff:ff', '08:00:2b:01:02:03:04:05'],
      );
  }
}

/** Bit strings: `length` bits, or up to as many; null: any number. */
export function bitsArbitraries(length: number | null, isVarying: boolean): ValueArbitraries {
  const size = length ?? (isVarying ? 12 : 1);
  const full = ['0'.repeat(size), '1'.repeat(size), '10'.repeat(size).slice(0, size)];
  const shorter = isVarying ? ['', '1', '0', '01'.slice(0, size)] : [];
  return {
    ...listed([...shorter.slice(0, 2), ...full], [...full, ...shorter]),
    plain: arbitraryFrom((draw) =>
      Array.from({ length: isVarying ? draw.integer(0, size) : size }, () => draw.pick(['0', '1'])).join(''),
    ),
  };
}

const SHAPES = {
  point: ['(0,0)', '(1,2)', '(-1.5,1e+10)', '(0.1,0.2)'],
  line: ['{1,-1,0}', '{0,1,2}', '{1,0,-3.5}'],
  lseg: ['[(0,0),(1,1)]', '[(0,0),(0,0)]', '[(-1,2.5),(3,4)]'],
  box: ['(1,1),(0,0)', '(0,0),(0,0)', '(3,4),(-1,-2.5)'],
  path: ['[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', '[(0,0)]'],
  polygon: ['((0,0),(1,1),(2,0))', '((0,0))', '((0,0),(0,1),(1,1),(1,0))'],
  circle: ['<(0,0),1>', '<(0,0),0>', '<(1.5,-2),3.25>'],
} as const;

/** Shapes. */
export function geometricArbitraries(which: keyof typeof SHAPES): ValueArbitraries {
  return listed(SHAPES[which], SHAPES[which]);
}
